import { describe, expect, it } from 'vitest';
import { statuses, verdict } from '../lab/command.ts';
import { betweenPods, CLUSTER, dockerMissing, kubectl, sysctls, tablefull, worker } from './cluster.ts';

const missing = await dockerMissing();
/** Remedies that only a cluster has. */
const OF_A_CLUSTER = ['proxy-mode', 'sysctl-daemonset'];

describe.skipIf(missing !== undefined)(
  `a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
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
      expect(seen.symptom).toMatchObject({ status: 'reproduced' });
      // The node has a few connections of its own: what is left of 1,200 is answered, and all others are dropped twice.
      const { 'requests.answered': answered = 0, 'entries.max': most, limit } = seen.symptom.figures;
      expect(answered).toBeGreaterThan(1_100);
      expect(answered).toBeLessThanOrEqual(1_200);
      expect([most, limit]).toEqual([1_200, 1_200]);
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
      // An entry a connection, whatever the mode; and the maximum is as it was, whatever a DaemonSet writes.
      for (const { name, figures } of seen.remedies.filter((remedy) => OF_A_CLUSTER.includes(remedy.name))) {
        expect(figures['entries.perAnswered'], name).toBeCloseTo(1, 1);
        expect(figures.limit, name).toBe(1_200);
      }
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
      // Nor does the machine keep any of it, which tracks what its bridges carry.
      expect(await betweenPods()).toEqual([]);
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
      // What the namespace owned goes with it, a moment later.
      const bindings = () => kubectl('get', 'clusterrolebindings', '-o', 'name');
      await expect.poll(bindings, { timeout: 30_000, interval: 200 }).not.toContain('tablefull');
    });

    it('has CoreDNS ask on over what it was asked over, and with prefer_udp over UDP', async () => {
      const run = () =>
        verdict(
          [
            ...['dns-storm', '--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--brief'],
            ...['--param', 'over=tcp', '--remedy', 'coredns-forward'],
          ],
          'root',
        );
      const askedWith = ({ verdict: { remedies } }: Awaited<ReturnType<typeof run>>): number =>
        (remedies[0]?.figures['outside.udp'] ?? 0) + (remedies[0]?.figures['outside.tcp'] ?? 0);
      // Where the full table let no question through that CoreDNS had to ask on, nothing is learned.
      let seen = await run();
      for (let again = 0; again < 2 && askedWith(seen) === 0; again++) seen = await run();
      expect(seen.verdict.symptom.figures['baseline.outside.tcp']).toBeGreaterThan(0);
      const [forward] = seen.verdict.remedies;
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
  },
);
