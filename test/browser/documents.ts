import type { Comparison } from '../../src/schema/comparison.ts';
import { runOf, suiteOf } from '../unit/suite/story.ts';

/** A suite of which one result is not as expected. */
export const SUITE = suiteOf(
  [
    runOf('saturate'),
    runOf('ours on boom', {
      line: 7,
      attempts: 2,
      outcome: { headline: 'FAILED', exitCode: 1, summary: 'our-daemonset no-effect, expected cured' },
      results: [
        ...runOf('').results,
        {
          name: 'our-daemonset is cured',
          about: 'our-daemonset',
          status: 'no-effect',
          expected: 'cured',
          result: 'failed',
          reason: '80 of 200 requests failed, as without the remedy',
          figures: {},
          line: 9,
        },
        {
          name: 'baseline: requests.failed.rate == 0',
          about: 'baseline',
          status: 'met',
          expected: 'met',
          result: 'passed',
          reason: 'requests.failed.rate is 0',
          figures: {},
          line: 11,
        },
      ],
    }),
  ],
  { exitCode: 1, outcome: { headline: 'FAILED', exitCode: 1, summary: '1 of 2 runs FAILED; ours on boom' } },
);

const SPREAD = { runs: 3, mean: 0, least: 0, most: 0 };
export const COMPARISON: Comparison = {
  schema: 'tablefull/comparison/v1',
  a: { name: 'runs/before', kind: 'run', repeats: 3 },
  b: { name: 'runs/after', kind: 'run', repeats: 3 },
  compared: 4,
  verdicts: [{ about: 'saturate × keepalive', what: 'changed', a: ['cured'], b: ['no-effect'] }],
  unsteady: [],
  inconclusive: [],
  figures: [
    {
      about: 'saturate × keepalive',
      figure: 'requests.failed.rate',
      unit: '0 to 1',
      a: SPREAD,
      b: { runs: 3, mean: 0.33, least: 0.31, most: 0.35 },
    },
  ],
  onlyA: ['saturate × placebo'],
  onlyB: [],
};
