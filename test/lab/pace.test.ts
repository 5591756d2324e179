import { expect, it } from 'vitest';
import { ACCOUNTED } from './accounted.ts';
import { statuses, verdict } from './command.ts';
import { slowed, whyNoQuota } from './quota.ts';
import type { Figures } from '../../src/schema/verdict.ts';

const why = whyNoQuota();
const skipped = why === undefined ? '' : ` (skipped: ${why}: at full speed)`;

/** A scenario with remedies that cure or help, and one that does nothing. */
interface Case {
  readonly remedies: Readonly<Record<string, string>>;
  /** Figures that are exact, however slow the machine is. */
  readonly figures: object;
  readonly also?: (figures: Figures) => void;
}

/** The 1,200 free entries took as many answers; the kernel's gc may have freed a few for others. */
function anEntryEach({ 'requests.answered': answered = NaN, relief = 0 }: Figures): void {
  expect(Math.abs(answered - relief - 1200)).toBeLessThanOrEqual(2);
}

const CASES: Readonly<Record<string, Case>> = {
  saturate: {
    remedies: { keepalive: 'cured', 'be-liberal': 'no-effect' },
    figures: { conservation: ACCOUNTED },
    also: anEntryEach,
  },
  boom: {
    remedies: { 'drop-invalid': 'cured', placebo: 'no-effect' },
    figures: { 'server.resets': 40, 'packets.untranslated': 40, 'packets.rst': 40 },
  },
  'dns-storm': {
    remedies: { 'node-local-dns': 'cured', 'shorter-timeouts': 'no-effect' },
    figures: { 'baseline.queries.perLookup.two-dots': 8, 'baseline.entries.perLookup.two-dots': 4 },
    also(figures) {
      const escaped = Object.entries(figures).filter(([name]) => name.endsWith('packets.escaped'));
      expect(escaped.map(([, count]) => count)).toEqual([0, 0, 0]);
    },
  },
  'time-wait': {
    remedies: { notrack: 'cured', placebo: 'no-effect' },
    figures: { 'state.TIME_WAIT': 1200, conservation: ACCOUNTED },
    also: anEntryEach,
  },
};

// Half of one core each: two at a time leave the other tests one.
it.each(Object.entries(CASES))(
  `%s comes to its verdict, to the packet, with half of one core${skipped}`,
  { concurrent: true },
  async (scenario, { remedies, figures, also }) => {
    await using slow = why === undefined ? await slowed({ quota: 0.5 }) : undefined;
    const names = Object.keys(remedies).join(',');
    const { code, verdict: seen } = await verdict(
      [scenario, '--single-pass', '--remedy', names],
      'nobody',
      slow?.before,
    );
    expect([seen.symptom.status, statuses(seen)]).toEqual(['reproduced', remedies]);
    expect(seen.symptom.figures).toMatchObject(figures);
    also?.(seen.symptom.figures);
    expect(seen.restore).toEqual({ status: 'complete', left: [] });
    expect([code, seen.asExpected]).toEqual([0, true]);
  },
);
