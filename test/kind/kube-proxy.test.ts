import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scratch, start, statuses, verdict } from '../lab/command.ts';
import { CLUSTER, dockerMissing, kubectl, onWorker, tablefull, worker } from './cluster.ts';

const missing = await dockerMissing();
const ON = ['--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--single-pass'] as const;

async function config(): Promise<string> {
  return kubectl(
    '-n',
    'kube-system',
    'get',
    'configmap',
    'kube-proxy',
    '-o',
    'jsonpath={.data.config\\.conf}',
  );
}

describe.skipIf(missing !== undefined)('the kube-proxy of a kind cluster', () => {
  it('a restarted kube-proxy reverts settings, unless they are in its ConfigMap, which is as before', async () => {
    const before = [await config(), await worker(1)];
    const { code, verdict: seen } = await verdict(['kube-proxy-revert', ...ON], 'root');
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: { 'settings.outcome[(reverted)]': 2 },
    });
    expect(statuses(seen)).toEqual({
      'kube-proxy-config': 'cured',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
    expect([await config(), await worker(1)]).toEqual(before);
  });

  it('kube-proxy scans the whole table at every update of a UDP service', async () => {
    const { code, verdict: seen } = await verdict(['udp-cleanup-storm', ...ON, '--remedy', 'none'], 'root');
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
    expect(seen.symptom.figures).toMatchObject({ 'updates.offered': 4, 'kubeproxy.deleted': 0 });
  });

  it('the next command restores kube-proxy’s configuration after a killed run', async () => {
    using folder = scratch();
    const before = await config();
    const run = start(['run', 'saturate', ...ON, '--remedy', 'proxy-mode'], 'root', folder.path);
    await untilTrue(async () => (await mode()) === 'nftables');
    run.process.kill('SIGKILL');
    await run.process;
    expect(await config()).not.toBe(before);
    await tablefull('restore');
    expect(await config()).toBe(before);
    await untilTrue(async () => (await mode()) === 'iptables');
  }, 180_000);
});

/** The mode in which the first worker's kube-proxy programmed it: each mode removes the other's rules. */
async function mode(): Promise<string> {
  const tables = await onWorker(1, 'nft', 'list', 'tables');
  return tables.includes('table ip kube-proxy') ? 'nftables' : 'iptables';
}

async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error('it did not come to that within 90 s');
    await delay(200);
  }
}
