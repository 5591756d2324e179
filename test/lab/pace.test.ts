import { expect, it } from 'vitest';
import { statuses, verdict } from './command.ts';
import { slowed, whyNoQuota } from './quota.ts';

const why = whyNoQuota();
const skipped = why === undefined ? '' : ` (skipped: ${why})`;

/** Each scenario with a remedy that cures, or nearly, and one that does nothing. */
const CASES = {
  saturate: { keepalive: 'cured', 'be-liberal': 'no-effect' },
  boom: { 'drop-invalid': 'cured', placebo: 'no-effect' },
  'dns-storm': { 'node-local-dns': 'cured', 'shorter-timeouts': 'no-effect' },
  'time-wait': { notrack: 'cured', placebo: 'no-effect' },
} as const;

// Half of one core each: two at a time leave the other tests one.
it.skipIf(why !== undefined).each(Object.entries(CASES))(
  `%s comes to the same verdict with half of one core${skipped}`,
  { concurrent: true },
  async (scenario, remedies) => {
    await using slow = await slowed({ quota: 0.5 });
    const names = Object.keys(remedies).join(',');
    const { code, verdict: seen } = await verdict(
      [scenario, '--single-pass', '--remedy', names],
      'nobody',
      slow.before,
    );
    expect([code, seen.symptom.status, statuses(seen)]).toEqual([0, 'reproduced', remedies]);
  },
);
