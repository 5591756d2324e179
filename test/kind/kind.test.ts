import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { statuses, verdict } from '../lab/command.ts';
import { betweenPods, CLUSTER, dockerMissing, kubectl, sysctls, tablefull, worker } from './cluster.ts';

const missing = await dockerMissing();
/** Remedies that exist only on a cluster. */
const OF_A_CLUSTER = ['proxy-mode', 'sysctl-daemonset'];

describe.skipIf(missing !== undefined)(
  `a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it('a kind cluster is kept, found again, and listed as one that answers', async () => {
      expect(await tablefull('lab', 'up', 'kind', '--name', CLUSTER)).toBe(CLUSTER);
      const { labs } = JSON.parse(await tablefull('lab', 'list', '--json')) as { labs: unknown };
      expect(labs).toContainEqual(expect.objectContaining({ name: CLUSTER, lab: 'kind', health: 'answers' }));
    });

    it('a kind cluster has the verdicts of the embedded lab for saturate, and is as before', async () => {
      const before = [await sysctls(), await worker(1), await worker(2)];
      const { code, verdict: seen } = await verdict(
        ['saturate', '--lab', 'kind', '--reuse', CLUSTER, '--single-pass'],
        'root',
      );
      expect(seen.symptom).toMatchObject({ status: 'reproduced' });
      // The node has a few connections of its own. The rest of 1,200 is answered, and all others are
      // dropped twice.
      const { 'requests.answered': answered = 0, 'entries.max': most, limit } = seen.symptom.figures;
      expect(answered).toBeGreaterThan(1_100);
      expect(answered).toBeLessThanOrEqual(1_200);
      expect(limit).toBe(1_200);
      // The kernel counts an entry before it refuses it (__nf_conntrack_alloc): on each CPU one too many is seen.
      expect(most).toBeGreaterThanOrEqual(1_200);
      expect(most).toBeLessThanOrEqual(1_200 + availableParallelism());
      expect(statuses(seen)).toEqual({
        'raise-max': 'postponed',
        'raise-max-for-good': 'cured',
        'raise-buckets': 'no-effect',
        'be-liberal': 'no-effect',
        'shorter-timeouts': 'no-effect',
        keepalive: 'cured',
        headless: 'no-effect',
        notrack: 'cured',
        'proxy-mode': 'no-effect',
        'proxy-mode-ipvs': 'skipped',
        'sysctl-daemonset': 'no-effect',
        placebo: 'no-effect',
      });
      // One entry a connection, in every mode; the maximum is as before, whatever a DaemonSet writes.
      for (const { name, figures } of seen.remedies.filter((remedy) => OF_A_CLUSTER.includes(remedy.name))) {
        expect(figures['entries.perAnswered'], name).toBeCloseTo(1, 1);
        expect(figures.limit, name).toBe(1_200);
      }
      expect(code).toBe(0);
      expect([await sysctls(), await worker(1), await worker(2)]).toEqual(before);
    });

    it('a kind cluster shows no symptom without the fault', async () => {
      const { code, verdict: seen } = await verdict(
        ['saturate', '--lab', 'kind', '--reuse', CLUSTER, '--control'],
        'root',
      );
      expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    });

    it('a kind cluster evicts only in one node’s table, if ballast fills that', async () => {
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
      // The machine, which tracks its bridges' packets, keeps none of these entries either.
      expect(await betweenPods()).toEqual([]);
    });

    it('a kind cluster has the verdicts of the embedded lab for dns-storm, by CoreDNS and the kubelet’s resolv.conf', async () => {
      const before = [await worker(1), await worker(2)];
      const remedies = 'ndots-2,node-local-dns,node-local-dns-tracked,placebo';
      const { code, verdict: seen } = await verdict(
        [
          ...['dns-storm', '--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--single-pass'],
          ...['--remedy', remedies],
        ],
        'root',
      );
      expect(seen.symptom.status).toBe('reproduced');
      expect(seen.symptom.figures['baseline.queries.perLookup.two-dots']).toBe(8);
      expect(statuses(seen)).toEqual({
        'ndots-2': 'postponed',
        'node-local-dns': 'cured',
        'node-local-dns-tracked': 'no-effect',
        placebo: 'no-effect',
      });
      const [ndots2, nodeLocal] = seen.remedies;
      expect(ndots2?.figures).toMatchObject({ 'queries.perLookup.two-dots': 2, queries: 1200 });
      expect(nodeLocal?.figures).toMatchObject({ 'entries.perLookup.two-dots': 0, 'cache.queries': 4800 });
      expect(code).toBe(0);
      expect([await worker(1), await worker(2)]).toEqual(before);
      // The namespace's owned objects disappear a moment after it.
      const bindings = () => kubectl('get', 'clusterrolebindings', '-o', 'name');
      await expect.poll(bindings, { timeout: 30_000, interval: 200 }).not.toContain('tablefull');
    });

    it('a kind cluster’s CoreDNS forwards over the client’s transport, and with prefer_udp over UDP', async () => {
      const run = () =>
        verdict(
          [
            ...['dns-storm', '--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--single-pass'],
            ...['--param', 'over=tcp', '--remedy', 'coredns-forward'],
          ],
          'root',
        );
      const askedWith = ({ verdict: { remedies } }: Awaited<ReturnType<typeof run>>): number =>
        (remedies[0]?.figures['outside.udp'] ?? 0) + (remedies[0]?.figures['outside.tcp'] ?? 0);
      // If the full table passed no query that CoreDNS had to forward, the run shows nothing.
      let seen = await run();
      for (let again = 0; again < 2 && askedWith(seen) === 0; again++) seen = await run();
      expect(seen.verdict.symptom.figures['baseline.outside.tcp']).toBeGreaterThan(0);
      const [forward] = seen.verdict.remedies;
      expect(forward).toMatchObject({ status: 'no-effect', figures: { 'outside.tcp': 0 } });
      expect(forward?.figures['outside.udp']).toBeGreaterThan(0);
    });

    it('a kind cluster skips with the reason what it can’t show', async () => {
      const { code, verdict: seen } = await verdict(
        ['rp-filter', '--lab', 'kind', '--reuse', CLUSTER],
        'root',
      );
      expect([code, seen.symptom.status]).toEqual([2, 'skipped']);
      expect(seen.symptom.reason).toContain('is not supported on --lab kind yet');
    });
  },
);
