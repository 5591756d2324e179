import { describe, expect, it } from 'vitest';
import { command, isRoot, statuses, verdict } from './command.ts';

const needsRoot = isRoot ? '' : ' (skipped: needs root)';

describe('saturate', () => {
  it('fills the table to the packet, and only room or fewer connections help', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--seed', '7']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: { conservation: 0, 'free.min': 0, 'canaries.failed': 0 },
    });
    expect(seen.symptom.figures['requests.answered']).toBe(1200);
    expect(statuses(seen)).toEqual({
      'raise-max': 'postponed',
      // It takes more room than there is ballast to emulate it with.
      'raise-max-for-good': 'skipped',
      'raise-buckets': 'skipped',
      'be-liberal': 'no-effect',
      'shorter-timeouts': 'no-effect',
      keepalive: 'cured',
      headless: 'no-effect',
      notrack: 'cured',
      placebo: 'no-effect',
    });
    expect(seen.remedies.filter(({ emulated }) => emulated).map(({ name }) => name)).toEqual(['raise-max']);
    expect(seen.restore).toEqual({ status: 'complete', left: [] });
    expect([code, seen.asExpected]).toEqual([0, true]);
  });

  it.skipIf(!isRoot)(`finds as root that more buckets alone do nothing${needsRoot}`, async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--remedy', 'raise-buckets'], 'root');
    expect([code, statuses(seen)]).toEqual([0, { 'raise-buckets': 'no-effect' }]);
    expect(seen.remedies[0]?.figures.buckets).toBe(4 * (seen.symptom.figures.buckets ?? 0));
  });

  it('holds with connections that are kept instead of closed', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--param', 'fill=held', '--remedy', 'none']);
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
  });
});

describe('boom', () => {
  it('resets connections by a segment above the window, and either remedy of the issue cures it', async () => {
    const { code, verdict: seen } = await verdict(['boom']);
    expect(seen.symptom.figures).toMatchObject({
      'server.resets': 40,
      'packets.untranslated': 40,
      'packets.rst': 40,
    });
    expect(statuses(seen)).toEqual({
      'be-liberal': 'cured',
      'drop-invalid': 'cured',
      'ignore-invalid-rst': 'no-effect',
      // Without root there is nothing to emulate it with: no ballast fills this table.
      'raise-max': 'skipped',
      placebo: 'no-effect',
    });
    expect(code).toBe(0);
  });

  it.each(['below', 'inside'])(
    'is not reproduced by a segment %s the window, which is a finding',
    async (segment) => {
      const { code, verdict: seen } = await verdict(['boom', '--param', `segment=${segment}`]);
      expect(seen.symptom).toMatchObject({
        status: 'not-reproduced',
        figures: { 'server.resets': 0, 'packets.invalid': 0 },
      });
      expect(new Set(Object.values(statuses(seen)))).toEqual(new Set(['skipped']));
      expect(code).toBe(0);
    },
  );
});

describe('dns-storm', () => {
  it('counts 8 queries and 4 entries a look-up, and is postponed by asking for less', async () => {
    const { code, verdict: seen } = await verdict(['dns-storm', '--remedy', 'ndots-2,trailing-dot']);
    const [ndots, dot] = seen.remedies.map(({ figures }) => figures);
    expect(seen.symptom.figures).toMatchObject({
      'baseline.queries.perLookup.two-dots': 8,
      'baseline.entries.perLookup.two-dots': 4,
    });
    expect(ndots).toMatchObject({ 'queries.perLookup.two-dots': 2, 'queries.perLookup.one-dot': 8 });
    expect(dot).toMatchObject({ 'queries.perLookup.one-dot': 2, 'entries.perLookup.one-dot': 1 });
    const escaped = Object.entries(seen.symptom.figures).filter(([name]) => name.endsWith('packets.escaped'));
    expect(escaped.map(([, count]) => count)).toEqual([0, 0, 0]);
    expect(statuses(seen)).toEqual({
      'ndots-2': 'postponed',
      'trailing-dot': 'postponed',
    });
    expect(code).toBe(0);
  });

  it('is not cured by ndots:2 for a name with one dot, and is worse with a socket a query', async () => {
    const remedies = 'ndots-2,single-request-reopen';
    const { code, verdict: seen } = await verdict([
      'dns-storm',
      '--param',
      'name=one-dot',
      '--remedy',
      remedies,
    ]);
    expect(statuses(seen)).toEqual({ 'ndots-2': 'no-effect', 'single-request-reopen': 'worse' });
    expect(seen.remedies[1]?.figures).toMatchObject({ 'entries.perLookup.one-dot': 8 });
    expect(code).toBe(0);
  });
});

describe('the null control', () => {
  it.each(['saturate', 'boom', 'dns-storm'])('of %s shows no symptom', async (scenario) => {
    const { code, verdict: seen } = await verdict([scenario, '--control']);
    expect([code, seen.symptom.status, seen.remedies]).toEqual([0, 'not-reproduced', []]);
  });
});

describe('the squeeze', () => {
  it('none fills the production-size table with real handshakes', async () => {
    const { code, verdict: seen } = await verdict(['saturate', '--squeeze', 'none', '--remedy', 'none']);
    expect(seen.squeeze).toMatchObject({ kind: 'none', asked: { free: 1200 }, got: { free: 1200 } });
    expect([code, seen.symptom.status]).toEqual([0, 'reproduced']);
  });

  it.skipIf(!isRoot)(
    `sysctl lowers the machine’s maximum and says what became of 300 buckets${needsRoot}`,
    async () => {
      const { code, verdict: seen } = await verdict(
        ['saturate', '--squeeze', 'sysctl', '--remedy', 'raise-max,raise-max-for-good'],
        'root',
      );
      expect(seen.squeeze).toMatchObject({
        asked: { nf_conntrack_max: 1200, nf_conntrack_buckets: 300 },
        got: { nf_conntrack_max: 1200, nf_conntrack_buckets: 512 },
      });
      expect(statuses(seen)).toEqual({ 'raise-max': 'postponed', 'raise-max-for-good': 'cured' });
      expect([code, seen.restore.status]).toEqual([0, 'complete']);
    },
  );

  it.skipIf(!isRoot)(
    `sysctl does not stop look-ups: in few buckets they evict each other${needsRoot}`,
    async () => {
      const { code, verdict: seen } = await verdict(
        ['dns-storm', '--squeeze', 'sysctl', '--remedy', 'none'],
        'root',
      );
      expect(seen.symptom).toMatchObject({ status: 'not-reproduced', figures: { 'drop.delta': 0 } });
      expect(seen.symptom.figures['early_drop.delta']).toBeGreaterThan(1000);
      expect(code).toBe(0);
    },
  );

  it.skipIf(isRoot)('sysctl is refused without root, in a line', async () => {
    expect(await command(['run', 'saturate', '--squeeze', 'sysctl'])).toMatchObject({ code: 2 });
  });

  it('netns-sysctl works where the kernel has a maximum a namespace, and says so where it has none', async () => {
    const { code, stdout, stderr } = await command([
      'run',
      'saturate',
      '--squeeze',
      'netns-sysctl',
      '--remedy',
      'none',
    ]);
    if (code === 0) expect(stdout).toContain('squeeze netns-sysctl');
    else
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('this kernel has no nf_conntrack_max of a namespace’s own'),
      ]);
  });
});

describe('two runs at once', () => {
  it('are both right', async () => {
    const run = ['saturate', '--remedy', 'none'];
    const seen = await Promise.all([verdict(run), verdict(run)]);
    expect(seen.map(({ code }) => code)).toEqual([0, 0]);
  });

  it.skipIf(!isRoot)(`wait for each other where both change the machine’s limit${needsRoot}`, async () => {
    const [squeezed, raised] = await Promise.all([
      verdict(['saturate', '--squeeze', 'sysctl', '--remedy', 'none'], 'root'),
      verdict(['saturate', '--remedy', 'raise-max'], 'root'),
    ]);
    expect([squeezed.code, raised.code]).toEqual([0, 0]);
    const [raise] = raised.verdict.remedies;
    expect(raise).toMatchObject({ status: 'postponed', emulated: false });
    expect(raise?.figures.limit).toBe((raised.verdict.symptom.figures.limit ?? 0) + 3600);
  });
});
