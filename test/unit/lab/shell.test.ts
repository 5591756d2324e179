import { describe, expect, it } from 'vitest';
import { banner, commandIn, shellIn } from '../../../src/lab/shell.ts';
import type { Place } from '../../../src/lab/hands.ts';

const NODE: Place = { name: 'worker-1', kind: 'node', ip: '172.20.0.1' };
const POD: Place = { name: 'app-0', kind: 'pod', ip: '10.244.1.2' };
const HANDS = {
  within: ['nsenter', '--target', '7', '--mount', '--pid', '--'] as const,
  places: [NODE, ...Array.from({ length: 6 }, (_, i) => ({ ...POD, name: `app-${String(i)}` }))],
  services: [{ name: 'web', ip: '10.96.0.10', port: 80 }],
};

describe('a shell in a lab', () => {
  it('has a prompt that says where one is', () => {
    expect(shellIn(HANDS, NODE, '/bin')).toContain('PS1=worker-1# ');
    expect(shellIn(HANDS, POD, '/bin')).toContain('PS1=app-0$ ');
  });

  it('runs a command as it was given, without a shell in between that reads it', () => {
    const words = commandIn(HANDS, NODE, ['echo', '$HOME; reboot', "it's"]);
    expect(words.slice(0, 9)).toEqual([...HANDS.within, 'nsenter', '--net=/run/netns/worker-1', '--']);
    expect(words.slice(-5)).toEqual([
      ...['node', '/run/lab/worker-1/nf_conntrack_max'],
      ...['echo', '$HOME; reboot', "it's"],
    ]);
  });

  it('takes sh where there is no bash', () => {
    expect(shellIn(HANDS, NODE, '/nowhere').at(-1)).toBe('sh');
  });

  it('begins with where one is, who else is there, and three commands', () => {
    const lines = banner(
      { ...HANDS, about: 'lab play saturate', begin: ['conntrack -C', 'ss -s', 'nft list ruleset'] },
      NODE,
    );
    expect(lines).toEqual([
      'worker-1: a node (172.20.0.1) of `lab play saturate`. The shell ends with the lab.',
      'nodes: worker-1; pods: app-0, app-1, app-2, app-3 and 2 more',
      'services: web 10.96.0.10:80',
      'begin with: conntrack -C  |  ss -s  |  nft list ruleset',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
  });
});
