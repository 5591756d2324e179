import { MET } from './met.ts';
import { outcomeMeasure } from '../schema/figure-name.ts';
import { isAnswer } from '../load/outcome-words.ts';
import { defineFigures, type FigureGroup } from './figure.ts';
import { counted, type OfferedLoad } from './offered-load.ts';

export const demand: FigureGroup = {
  title: 'A load',
  intro:
    'Of the demand, of the canaries (`canaries`) and of each background load. `settings` are sysctls that must keep their value: `settings.outcome[(reverted)]` counts those that do not. `updates` change a service’s endpoints, and end once kube-proxy has cleaned up.',
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
          doc: 'Succeeded (`ok`).',
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
        'misdelivered.rate': {
          unit: '0 to 1',
          doc: 'The share of the offered that a pod of another service answered. Of `exchange` with an app `whoami`.',
          source: '`offered`, `outcomes`',
          loss: true,
          of: (load) =>
            load.offered > 0 ? (byOutcome(load)['outcome[misdelivered]'] ?? 0) / load.offered : undefined,
        },
        'moved.rate': {
          unit: '0 to 1',
          doc: 'The share of the offered that another pod answered than the first that answered this UDP client. Of `exchange` with an app `whoami`.',
          source: '`offered`, `outcomes`',
          loss: true,
          of: (load) =>
            load.offered > 0 ? (byOutcome(load)['outcome[moved]'] ?? 0) / load.offered : undefined,
        },
        'p(N)': {
          values: { like: /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)$/, which: 'from 0 to 100' },
          unit: 'ms',
          doc: 'Latency of the answered ones, counted from when each was _due_: a generator that the fault delays does not hide it. Exact: the nearest rank over all values. The 50th, the 95th, and those that the scenario names.',
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
          doc: 'When the first failure was due, counted from the start of the phase; with k6, from when its first request was due.',
          of: (load) => due(load, (a, b) => Math.min(a, b)),
        },
        failingSince: {
          unit: 's',
          doc: 'The same for the failure with which more than 2 % of the offered had failed: from there on the demand is not met. Absent where it is met. A single early failure, such as that of a port search which gave up by chance, does not count.',
          of: failingSince,
        },
        lastFailure: {
          unit: 's',
          doc: 'The same for the last failure.',
          of: (load) => due(load, (a, b) => Math.max(a, b)),
        },
        'failed.inARow': {
          unit: 'count',
          doc: 'The longest run of consecutive failures, by when they were due: heartbeats missed in a row.',
          of: longestRun,
        },
        'outcome[TEXT]': {
          values: { like: /./, which: 'the client’s words, or their leading code' },
          unit: 'count',
          doc: 'Failures by their leading code: `requests.outcome[(28)]` counts curl’s 28. A failure without a code counts under its whole text: `lookups.outcome[too late]`. An outcome that did not occur is 0 where its unit was offered. The old name `requests.(28)` (up to 0.1.0) is still read. In a YAML flow list, quote the new name.',
          range: 'planned',
          of: byOutcome,
        },
        late: {
          unit: 'ms',
          doc: 'How late the generator was, 95th percentile. With several generators, the worst.',
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
          doc: 'Answered for the pods of one node, where the load runs on several. The node under test has its prefix here too.',
          of: ({ answers }) => counted(answers),
        },
        failed: { doc: 'The same for failures.', of: ({ failures }) => counted(failures) },
      },
    ),
  ],
};

function failed({ offered, latencies }: OfferedLoad): number {
  return Math.max(0, offered - latencies.length);
}

/** The nearest rank, not interpolated. */
function nearestRank(sorted: readonly number[], per: number): number {
  return sorted[Math.max(0, Math.ceil((per / 100) * sorted.length) - 1)] ?? NaN;
}

/** s. Subtracts the start of the generator: a slow start is no failure. */
function due(
  { failures, generators: [first] }: OfferedLoad,
  which: (a: number, b: number) => number,
): number | undefined {
  const all = failures.flatMap((event) => event.due);
  return all.length === 0 ? undefined : (all.reduce(which) - (first?.began ?? 0)) / 1000;
}

function failingSince({ failures, offered, generators: [first] }: OfferedLoad): number | undefined {
  const at = failures.flatMap((event) => event.due).toSorted((a, b) => a - b)[Math.floor(MET * offered)];
  return at === undefined ? undefined : (at - (first?.began ?? 0)) / 1000;
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
