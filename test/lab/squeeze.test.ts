import { describe, expect, it } from 'vitest';
import { command, isRoot, verdict } from './command.ts';

describe('the squeeze', () => {
  it.skipIf(isRoot)('--squeeze sysctl is refused without root, in one line', async () => {
    expect(await command(['run', 'saturate', '--squeeze', 'sysctl'])).toMatchObject({ code: 2 });
  });

  it('--squeeze netns-sysctl works if the kernel has a maximum per namespace, and otherwise says why not', async () => {
    const { code, stdout, stderr } = await command([
      'run',
      'saturate',
      '--squeeze',
      'netns-sysctl',
      '--remedy',
      'none',
    ]);
    if (code === 0) expect(stdout).toContain('; netns-sysctl: ');
    else
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('this kernel has no nf_conntrack_max per namespace'),
      ]);
  });

  it('--squeeze none fills the production-size table with real handshakes', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--squeeze', 'none', '--remedy', 'none']);
    expect(seen.squeeze).toMatchObject({ kind: 'none', asked: { free: 1200 }, got: { free: 1200 } });
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
  });
});
