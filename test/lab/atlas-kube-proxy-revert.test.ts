import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasKubeProxy, needsKubeProxy, offerKubeProxy } from './built-kube-proxy.ts';
import { command, isRoot, processesOf, scratch, start, statuses, verdict } from './command.ts';
import { machine } from './machine.ts';

const needsRoot = isRoot ? '' : ' (skipped: needs root)';

/** The machine's current maximum. */
const maximum = (): number => Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));

describe.skipIf(!hasKubeProxy)(`kube-proxy-revert${needsKubeProxy}`, () => {
  offerKubeProxy();

  it('kube-proxy-revert undoes the settings that kube-proxy has fields for, and only its own configuration lasts', async () => {
    const { code, verdict: seen } = await verdict(['kube-proxy-revert']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: {
        'settings.offered': 3,
        'settings.outcome[(reverted)]': 2,
        'baseline.settings.outcome[(reverted)]': 0,
      },
    });
    expect(seen.symptom.reason).toContain('nf_conntrack_tcp_timeout_established 7200 is 86400');
    expect(statuses(seen)).toEqual({
      'kube-proxy-config': 'cured',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it.each([
    [['--control', '--remedy', 'none'], 'not-reproduced'],
    [['--param', 'config=untouched', '--remedy', 'none'], 'not-reproduced'],
    [['--param', 'values=higher', '--remedy', 'none'], 'reproduced'],
  ])('with %j is %s', async (args, status) => {
    const { code, verdict: seen } = await verdict(['kube-proxy-revert', ...args]);
    expect([code, seen.symptom.status]).toEqual([0, status]);
  });

  it.skipIf(!isRoot).each([
    ['lower', 'nf_conntrack_max 65536 is '],
    ['higher', 'nf_conntrack_max 393216 is '],
  ])(
    `kube-proxy-revert changes the machine’s maximum back if it was set %s, and leaves it as before${needsRoot}`,
    async (values, reverted) => {
      const before = await machine();
      const run = ['kube-proxy-revert', '--squeeze', 'sysctl', '--param', `values=${values}`];
      const { code, verdict: seen } = await verdict([...run, '--remedy', 'kube-proxy-config'], 'root');
      expect(seen.symptom.reason).toContain(reverted);
      expect(statuses(seen)).toEqual({ 'kube-proxy-config': 'cured' });
      expect([code, seen.restore.status]).toEqual([0, 'complete']);
      expect(await machine()).toEqual(before);
    },
  );

  it.skipIf(!isRoot)(
    `kube-proxy-revert leaves the maximum as before even when killed in a phase${needsRoot}`,
    async () => {
      const found = maximum();
      using cwd = scratch();
      const args = ['run', 'kube-proxy-revert', '--squeeze', 'sysctl', '--remedy', 'none', '--repeat', '20'];
      const run = start([...args, '--quiet'], 'root', cwd.path);
      await expect.poll(maximum, { interval: 1, timeout: 30_000 }).not.toBe(found);
      run.process.kill('SIGKILL');
      await expect.poll(() => processesOf(run.marker), { timeout: 10_000 }).toEqual([]);
      expect(maximum()).toBe(found);
    },
  );
});

it('is skipped with the fix where there is no kube-proxy', async () => {
  process.env.TABLEFULL_KUBE_PROXY = '/nowhere';
  try {
    const { code, stdout } = await command(['run', 'kube-proxy-revert', '--quiet']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('make kube-proxy')]);
  } finally {
    delete process.env.TABLEFULL_KUBE_PROXY;
  }
});
