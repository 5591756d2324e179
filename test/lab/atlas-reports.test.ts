import { describe, expect, it } from 'vitest';
import { KUBE_PROXY_VERSIONS, builtKubeProxies } from '../../src/toolchain/kube-proxy.ts';
import { statuses, verdict } from './command.ts';

/** The scenarios of what people report, each with its remedies and its control. See docs/reference/reports.md. */

describe('cloud-allowance', () => {
  it('cloud-allowance loses connections while every counter of the node stays 0, and no remedy on the node helps', async () => {
    const { code, verdict: seen } = await verdict(['cloud-allowance']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: {
        'drop.delta': 0,
        'insert_failed.delta': 0,
        'invalid.delta': 0,
        'entries.max': 450,
      },
    });
    const { figures } = seen.symptom;
    expect(figures['requests.answered']).toBeGreaterThanOrEqual(150);
    expect(figures['requests.outcome[(28)]']).toBe(figures['requests.failed']);
    const { keepalive, ...others } = statuses(seen);
    expect(keepalive).toBe('cured');
    expect(new Set(Object.values(others))).toEqual(new Set(['no-effect', 'skipped']));
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });
});

describe('idle-connections', () => {
  it('idle-connections are reset by another backend, and hang instead if tcp_loose is off', async () => {
    const { code, verdict: seen } = await verdict(['idle-connections']);
    const { figures } = seen.symptom;
    expect(figures['exchanges.outcome[(56)]']).toBe(figures['exchanges.failed']);
    expect(figures['drop.delta']).toBe(0);
    expect(statuses(seen)).toMatchObject({
      'tcp-keepalive': 'cured',
      'longer-timeout': 'cured',
      'not-loose': 'worse',
      placebo: 'no-effect',
    });
    const notLoose = seen.remedies.find(({ name }) => name === 'not-loose');
    expect(notLoose?.figures).toMatchObject({ 'exchanges.outcome[(28)]': 200 });
    expect(code).toBe(0);
  });
});

describe('resets-on-the-node', () => {
  it('resets-on-the-node are cured by FORWARD’s rule only where a node forwards the segment', async () => {
    const forwarded = await verdict(['resets-on-the-node']);
    expect(statuses(forwarded.verdict)).toMatchObject({
      'drop-invalid': 'cured',
      'drop-in-forward': 'no-effect',
      'drop-before-input': 'cured',
      'be-liberal': 'cured',
    });
    const local = await verdict(['resets-on-the-node', '--param', 'server=on-its-node']);
    expect(statuses(local.verdict)).toMatchObject({
      'drop-invalid': 'no-effect',
      'drop-before-input': 'cured',
      'be-liberal': 'cured',
    });
    expect([forwarded.code, local.code]).toEqual([0, 0]);
  });
});

describe('tenant-quota', () => {
  it('tenant-quota by open connections limits a pod that holds them', async () => {
    const { code, verdict: seen } = await verdict(['tenant-quota', '--remedy', 'quota,rate,placebo']);
    expect(statuses(seen)).toEqual({ quota: 'cured', rate: 'cured', placebo: 'no-effect' });
    expect(code).toBe(0);
  });

  it('tenant-quota by open connections does not see those of a pod that closes them', async () => {
    const { code, verdict: seen } = await verdict([
      'tenant-quota',
      '--param',
      'neighbour=churns',
      '--remedy',
      'quota,rate',
    ]);
    expect(statuses(seen)).toEqual({ quota: 'no-effect', rate: 'cured' });
    expect(code).toBe(0);
  });
});

describe('udp-no-endpoints', () => {
  it('udp-no-endpoints sends datagrams astray for as long as their entries are renewed, and a deletion ends it', async () => {
    const { code, verdict: seen } = await verdict(['udp-no-endpoints']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: { 'entries.stale': 30, 'drop.delta': 0, 'invalid.delta': 0 },
    });
    const { 'conntrack-delete': deleted, ...others } = statuses(seen);
    expect(deleted).toBe('cured');
    expect(new Set(Object.values(others))).toEqual(new Set(['no-effect']));
    expect(code).toBe(0);
  });
});

describe('dead-backend', () => {
  it('dead-backend hangs its clients, which a user timeout ends and keepalive probes do not', async () => {
    const { code, verdict: seen } = await verdict(['dead-backend']);
    expect(seen.symptom).toMatchObject({ status: 'reproduced', figures: { 'newcomers.failed': 0 } });
    expect(statuses(seen)).toMatchObject({
      'user-timeout': 'reduced',
      'fewer-retries': 'reduced',
      'conntrack-delete': 'reduced',
      'connect-each': 'cured',
      'tcp-keepalive': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('syn-sent-reuse', () => {
  it.each(['few', 'many'])(
    'syn-sent-reuse has another service answer, until the entry of the SYN ends: %s retries',
    async (retries) => {
      const { code, verdict: seen } = await verdict(['syn-sent-reuse', '--param', `retries=${retries}`]);
      expect(seen.symptom.figures['exchanges.outcome[misdelivered]']).toBe(50);
      expect(statuses(seen)).toEqual({
        'short-syn-sent': 'cured',
        'any-port': 'cured',
        'conntrack-delete': 'cured',
        'be-liberal': 'no-effect',
        placebo: 'no-effect',
      });
      expect(code).toBe(0);
    },
  );
});

describe('the null control', () => {
  it.each([
    'cloud-allowance',
    'idle-connections',
    'resets-on-the-node',
    'tenant-quota',
    'udp-no-endpoints',
    'dead-backend',
    'syn-sent-reuse',
    'asymmetric-invalid',
    'snat-race',
    'half-closed',
    'early-syn',
    'hostport-syslog',
    'missed-cleanup',
    'dns-restart',
    'quic-moved',
  ])('of %s shows no symptom', async (scenario) => {
    const { code, verdict: seen } = await verdict([scenario, '--control']);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
  });
});

describe('asymmetric-invalid', () => {
  it('asymmetric-invalid breaks what a node sees one direction of, which be_liberal does not cure', async () => {
    const { code, verdict: seen } = await verdict(['asymmetric-invalid']);
    expect(seen.symptom.figures['baseline.packets.invalid']).toBeGreaterThan(0);
    expect(statuses(seen)).toMatchObject({ 'be-liberal': 'no-effect', 'notrack-there': 'cured' });
    expect(code).toBe(0);
  });
});

describe('snat-race', () => {
  it('snat-race loses flows that leave at once, each counted, and random ports cure it', async () => {
    const { code, verdict: seen } = await verdict(['snat-race', '--remedy', 'random-fully,placebo']);
    const { figures } = seen.symptom;
    expect(figures['insert_failed.delta']).toBe(figures['datagrams.failed']);
    expect(statuses(seen)).toEqual({ 'random-fully': 'cured', placebo: 'no-effect' });
    expect(code).toBe(0);
  });
});

describe('half-closed', () => {
  it('half-closed connections lose an answer later than the timeout, which is reset, and probes keep them', async () => {
    const { code, verdict: seen } = await verdict(['half-closed']);
    const { figures } = seen.symptom;
    expect(figures['packets.rst']).toBeGreaterThanOrEqual(figures['exchanges.failed'] ?? 0);
    expect(figures).toMatchObject({ 'baseline.packets.rst': 0, 'drop.delta': 0 });
    expect(statuses(seen)).toMatchObject({
      'tcp-keepalive': 'cured',
      'longer-timeout': 'cured',
      'stay-open': 'cured',
      'shorter-timeouts': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('early-syn', () => {
  it('early-syn keeps clients stuck whose first SYN nobody translated, until its entry goes', async () => {
    const { code, verdict: seen } = await verdict(['early-syn']);
    expect(seen.symptom.figures).toMatchObject({ 'clients.stuck': 1, 'baseline.clients.stuck': 0 });
    expect(statuses(seen)).toEqual({
      'conntrack-delete': 'cured',
      'drop-while-unknown': 'cured',
      'short-syn-sent': 'cured',
      'any-port': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('hostport-syslog', () => {
  it('hostport-syslog has senders renew entries that lead to nobody, and a deletion ends it', async () => {
    const { code, verdict: seen } = await verdict(['hostport-syslog']);
    expect(seen.symptom.figures).toMatchObject({ 'clients.stuck': 1, 'entries.stale': 60 });
    expect(statuses(seen)).toEqual({
      'conntrack-delete': 'cured',
      'drop-while-empty': 'cured',
      'new-port': 'cured',
      'timeout-udp': 'no-effect',
      'drop-invalid': 'no-effect',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });
});

describe('UDP entries and CoreDNS’ pods', () => {
  it('missed-cleanup leaves every client with the dead pod until the entries are deleted', async () => {
    const { code, verdict: seen } = await verdict(['missed-cleanup', '--remedy', 'conntrack-delete,placebo']);
    expect(seen.symptom.figures).toMatchObject({ 'entries.stale': 50, 'newcomers.failed': 0 });
    expect(statuses(seen)).toEqual({ 'conntrack-delete': 'cured', placebo: 'no-effect' });
    expect(code).toBe(0);
  });

  it('dns-restart fails lookups that are under way, which are late where entries are deleted', async () => {
    const { code, verdict: seen } = await verdict(['dns-restart', '--remedy', 'conntrack-delete,placebo']);
    expect(seen.symptom.status).toBe('reproduced');
    expect(statuses(seen)).toEqual({ 'conntrack-delete': 'cured', placebo: 'no-effect' });
    expect(code).toBe(0);
  });
});

describe('quic-moved', () => {
  it.each([
    ['every', 'reproduced'],
    ['stale', 'not-reproduced'],
  ])('a start of kube-proxy that deletes %s entry: %s', async (cleanup, status) => {
    const args = ['quic-moved', '--param', `cleanup=${cleanup}`, '--remedy', 'placebo'];
    const { code, verdict: seen } = await verdict(args);
    expect([code, seen.symptom.status]).toEqual([0, status]);
  });
});

const built = builtKubeProxies(process.env);

describe('kube-proxy-versions', () => {
  for (const version of KUBE_PROXY_VERSIONS) {
    const needs = version in built ? '' : ` (skipped: npm run kube-proxy -- ${version})`;
    it.skipIf(needs !== '')(
      `kube-proxy ${version} lowers a higher maximum, or leaves it${needs}`,
      async () => {
        // Nobody else can read the cache of the user who runs the tests.
        const { code, verdict: seen } = await verdict(
          ['kube-proxy-versions', '--param', `version=${version}`],
          'root',
        );
        expect(seen.symptom.status).toBe(version === '1.37.2' ? 'not-reproduced' : 'reproduced');
        expect(code).toBe(0);
      },
    );
  }
});
