import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch, start, statuses, verdict } from '../lab/command.ts';
import { machine } from '../lab/machine.ts';
import { CLUSTER, dockerMissing, onWorker, tablefull, worker } from './cluster.ts';

const missing = await dockerMissing();
const RESTORED_WITHIN_MS = 30_000;

/** Of the machine, what a cluster's own links and rules do not touch. */
async function sysctls(): Promise<Record<string, string>> {
  const { links: _, netns: __, rules: ___, mounts: ____, ...rest } = await machine();
  const bridged = readFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').trim();
  return { ...rest, bridged };
}

describe.skipIf(missing !== undefined)(
  `a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    beforeAll(async () => {
      await tablefull('lab', 'up', 'kind', '--name', CLUSTER);
    }, 300_000);
    afterAll(async () => {
      await tablefull('lab', 'down', CLUSTER);
    }, 60_000);

    it('is kept, found again, and listed as one that answers', async () => {
      expect(await tablefull('lab', 'up', 'kind', '--name', CLUSTER)).toBe(CLUSTER);
      const { labs } = JSON.parse(await tablefull('lab', 'list', '--json')) as { labs: unknown };
      expect(labs).toContainEqual(expect.objectContaining({ name: CLUSTER, lab: 'kind', health: 'answers' }));
    });

    it('has the verdicts of the embedded lab for saturate, and is as before', async () => {
      const before = [await sysctls(), await worker(1), await worker(2)];
      const { code, verdict: seen } = await verdict(
        ['saturate', '--lab', 'kind', '--reuse', CLUSTER, '--brief'],
        'root',
      );
      expect(seen.symptom.status).toBe('reproduced');
      // The node has a few connections of its own: what is left of 1,200 is answered, and all others are dropped twice.
      const { 'requests.answered': answered = 0, 'entries.max': most, limit } = seen.symptom.figures;
      expect(answered).toBeGreaterThan(1_100);
      expect(answered).toBeLessThanOrEqual(1_200);
      expect([most, limit]).toEqual([1_200, 1_200]);
      expect(statuses(seen)).toEqual({
        'raise-max': 'cured',
        'raise-buckets': 'no-effect',
        'be-liberal': 'no-effect',
        'shorter-timeouts': 'no-effect',
        keepalive: 'cured',
        headless: 'no-effect',
        notrack: 'cured',
        placebo: 'no-effect',
      });
      expect(code).toBe(0);
      expect([await sysctls(), await worker(1), await worker(2)]).toEqual(before);
    });

    it('shows no symptom without the fault', async () => {
      const { code, verdict: seen } = await verdict(
        ['saturate', '--lab', 'kind', '--reuse', CLUSTER, '--control'],
        'root',
      );
      expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    });

    it('evicts in one node’s table only, where that is filled with ballast', async () => {
      const args = [
        'early-drop',
        '--lab',
        'kind',
        '--reuse',
        CLUSTER,
        '--squeeze',
        'ballast',
        '--remedy',
        'none',
      ];
      const { code, verdict: seen } = await verdict(args, 'root');
      expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
      expect(seen.symptom.figures).toMatchObject({ 'flows.answered': 5600 });
    });

    it('has the verdicts of the embedded lab for dns-storm, by CoreDNS and the kubelet’s resolv.conf', async () => {
      const before = [await worker(1), await worker(2)];
      const remedies = 'ndots-2,node-local-dns,node-local-dns-tracked,placebo';
      const { code, verdict: seen } = await verdict(
        [
          ...['dns-storm', '--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--brief'],
          ...['--remedy', remedies],
        ],
        'root',
      );
      expect(seen.symptom.status).toBe('reproduced');
      expect(seen.symptom.figures['baseline.queries.perLookup.two-dots']).toBe(8);
      expect(statuses(seen)).toEqual({
        'ndots-2': 'cured',
        'node-local-dns': 'cured',
        'node-local-dns-tracked': 'no-effect',
        placebo: 'no-effect',
      });
      const [ndots2, nodeLocal] = seen.remedies;
      expect(ndots2?.figures).toMatchObject({ 'queries.perLookup.two-dots': 2, queries: 1200 });
      expect(nodeLocal?.figures).toMatchObject({ 'entries.perLookup.two-dots': 0, 'cache.queries': 4800 });
      expect(code).toBe(0);
      expect([await worker(1), await worker(2)]).toEqual(before);
      // What the namespace owned goes with it, a moment later.
      await untilTrue(
        async () => !(await kubectl('get', 'clusterrolebindings', '-o', 'name')).includes('tablefull'),
      );
    });

    it('has CoreDNS ask on over what it was asked over, and with prefer_udp over UDP', async () => {
      const { verdict: seen } = await verdict(
        [
          ...['dns-storm', '--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--brief'],
          ...['--param', 'over=tcp', '--remedy', 'coredns-forward'],
        ],
        'root',
      );
      expect(seen.symptom.figures['baseline.outside.tcp']).toBeGreaterThan(0);
      expect(seen.symptom.figures['baseline.outside.udp']).toBe(0);
      const [forward] = seen.remedies;
      expect(forward).toMatchObject({ status: 'no-effect', figures: { 'outside.tcp': 0 } });
      expect(forward?.figures['outside.udp']).toBeGreaterThan(0);
    });

    it('skips with the reason what it can’t show', async () => {
      const { code, verdict: seen } = await verdict(
        ['rp-filter', '--lab', 'kind', '--reuse', CLUSTER],
        'root',
      );
      expect([code, seen.symptom.status]).toEqual([2, 'skipped']);
      expect(seen.symptom.reason).toContain('is not to be had in the lab kind yet');
    });

    it.each(['the harness is killed', 'the agent is deleted'])(
      'is as before within 30 s when %s',
      async (how) => {
        using folder = scratch();
        const before = [await sysctls(), await worker(1)];
        const run = start(
          ['run', 'saturate', '--lab', 'kind', '--reuse', CLUSTER, '--remedy', 'be-liberal'],
          'root',
          folder.path,
        );
        // Until the remedy stands, which is a change of the node's, with the machine's limit small.
        await untilTrue(
          async () =>
            (await onWorker(1, 'sysctl', '-n', 'net.netfilter.nf_conntrack_tcp_be_liberal')) === '1',
        );
        if (how === 'the harness is killed') run.process.kill('SIGKILL');
        else await deleteAgents();
        const killed = performance.now();
        await untilTrue(
          async () => JSON.stringify([await sysctls(), await worker(1)]) === JSON.stringify(before),
        );
        expect(performance.now() - killed).toBeLessThan(RESTORED_WITHIN_MS);
        await run.process;
        await tablefull('restore');
        expect(await runNamespaces()).toEqual([]);
      },
      180_000,
    );
  },
);

async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error('it did not come to that within 90 s');
    await delay(200);
  }
}

async function kubectl(...args: readonly string[]): Promise<string> {
  const node = `${CLUSTER}-control-plane`;
  const kube = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...args];
  return (await execa('docker', ['exec', node, ...kube])).stdout;
}

async function deleteAgents(): Promise<void> {
  const [namespace = ''] = await runNamespaces();
  await kubectl('-n', namespace, 'delete', 'pods', '-l', 'app.kubernetes.io/name=agent', '--wait=false');
}

async function runNamespaces(): Promise<readonly string[]> {
  const names = await kubectl('get', 'namespaces', '-l', 'tablefull.lab/run', '-o', 'name');
  return names.split('\n').flatMap((name) => (name === '' ? [] : [name.replace('namespace/', '')]));
}
