import { outcomeMeasure } from '../schema/figure-name.ts';
import { isAnswer } from '../history/outcomes.ts';
import { defineFigures, type FigureGroup } from './figure.ts';
import { counted, type OfferedLoad } from './offered-load.ts';

export const demand: FigureGroup = {
  title: 'A load',
  intro:
    'Of the demand, of the canaries (`canaries`) and of each background load. `settings` are sysctls that are to hold: `settings.outcome[(reverted)]` counts those that do not. `updates` are of a service’s endpoints, and over once kube-proxy has cleaned up after them.',
  figures: [
    ...defineFigures(
      'load',
      { source: '`outcomes`' },
      {
        offered: {
          unit: 'count',
          doc: 'Due in the phase, whether the generator was punctual or not.',
          source: '`offered`',
          range: 'planned',
          of: ({ offered }) => offered,
        },
        answered: {
          unit: 'count',
          doc: 'Ended as asked for (`ok`).',
          range: 'planned',
          of: ({ latencies }) => latencies.length,
        },
        failed: {
          unit: 'count',
          doc: 'Offered and not answered.',
          source: '`offered`, `outcomes`',
          range: 'planned',
          of: failed,
        },
        'failed.rate': {
          unit: '0 to 1',
          doc: '`UNIT.failed` / `UNIT.offered`. Absent where nothing was offered.',
          source: '`offered`, `outcomes`',
          loss: true,
          of: (load) => (load.offered > 0 ? failed(load) / load.offered : undefined),
        },
        'p(N)': {
          values: { like: /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)$/, which: 'from 0 to 100' },
          unit: 'ms',
          doc: 'Latency of the answered ones, from when each was _due_, so that a generator held up by the fault does not hide it. Exact: the nearest rank over all values. The 50th and the 95th, and every other that the scenario names.',
          of: ({ latencies, percentiles }) =>
            latencies.length === 0
              ? undefined
              : Object.fromEntries(
                  percentiles.map((per) => [`p(${String(per)})`, nearestRank(latencies, per)] as const),
                ),
        },
        max: { unit: 'ms', doc: 'The longest of these latencies.', of: ({ latencies }) => latencies.at(-1) },
        firstFailure: {
          unit: 's',
          doc: 'When the earliest of the failed ones was due, since the phase began; of k6, since its first request was due.',
          of: (load) => due(load, (a, b) => Math.min(a, b)),
        },
        lastFailure: {
          unit: 's',
          doc: 'The same of the latest.',
          of: (load) => due(load, (a, b) => Math.max(a, b)),
        },
        'failed.inARow': {
          unit: 'count',
          doc: 'The most that failed one after the other, by when they were due: heartbeats missed in a row.',
          of: longestRun,
        },
        'outcome[TEXT]': {
          values: { like: /./, which: 'the client’s own words, or the code that they begin with' },
          unit: 'count',
          doc: 'Failures by the code that they begin with: `requests.outcome[(28)]` has curl’s 28. One without a code counts under its whole text: `lookups.outcome[too late]`. An outcome that did not occur is 0 where its unit was offered. `requests.(28)`, as it was written up to 0.1.0, is read too. Between the brackets of a YAML list the new name takes quotes.',
          range: 'planned',
          of: byOutcome,
        },
        late: {
          unit: 'ms',
          doc: 'By how much the generator itself was late, 95th percentile. Of several generators the worst.',
          source: '`offered`',
          of: ({ generators }) => generators.reduce((worst, { lateP95 }) => Math.max(worst, lateP95), 0),
        },
      },
    ),
    ...defineFigures(
      'load-on-node',
      { unit: 'count', source: '`outcomes`' },
      {
        answered: {
          doc: 'Those of one node’s pods that were answered, where the load runs on several nodes. The node under test has its name here too.',
          of: ({ answers }) => counted(answers),
        },
        failed: { doc: 'The same of those that failed.', of: ({ failures }) => counted(failures) },
      },
    ),
  ],
};

function failed({ offered, latencies }: OfferedLoad): number {
  return Math.max(0, offered - latencies.length);
}

/** The smallest value that so many per cent do not exceed: not interpolated. */
function nearestRank(sorted: readonly number[], per: number): number {
  return sorted[Math.max(0, Math.ceil((per / 100) * sorted.length) - 1)] ?? NaN;
}

/** In seconds. A program that was slow to start offers its demand that much later, and no failure is. */
function due(
  { failures, generators: [first] }: OfferedLoad,
  which: (a: number, b: number) => number,
): number | undefined {
  const all = failures.flatMap((event) => event.due);
  return all.length === 0 ? undefined : (all.reduce(which) - (first?.began ?? 0)) / 1000;
}

function longestRun({ outcomes }: OfferedLoad): number | undefined {
  const all = outcomes.flatMap(({ outcome, due: at }) =>
    at.map((each) => ({ at: each, met: isAnswer(outcome) })),
  );
  if (all.length === 0) return undefined;
  all.sort((a, b) => a.at - b.at);
  let [run, longest] = [0, 0];
  for (const { met } of all) {
    run = met ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function byOutcome({ failures }: OfferedLoad): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, due: at } of failures) {
    const name = outcomeMeasure(outcome);
    counts[name] = (counts[name] ?? 0) + at.length;
  }
  return counts;
}
