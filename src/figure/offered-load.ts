import type { RecordedPhase } from '../history/run.ts';
import { isAnswer } from '../load/outcome-words.ts';
import type { EventOf } from '../schema/history.ts';

type Outcomes = readonly EventOf<'outcomes'>[];

/** One load in one phase, and its outcomes. */
export interface OfferedLoad {
  readonly unit: string;
  /** Operations that were due. */
  readonly offered: number;
  /** One event per generator. */
  readonly generators: readonly EventOf<'offered'>[];
  readonly outcomes: Outcomes;
  readonly answers: Outcomes;
  readonly failures: Outcomes;
  /** Latencies of answers in ms, ascending. */
  readonly latencies: readonly number[];
  /** The percentiles to be computed. */
  readonly percentiles: readonly number[];
  /** When the table was first freed, ms since the phase's start; undefined: never. */
  readonly freed: number | undefined;
}

export function offeredLoads(phase: RecordedPhase, percentiles: readonly number[]): readonly OfferedLoad[] {
  const outcomes = Map.groupBy(phase.ofType('outcomes'), ({ unit }) => unit);
  return [...Map.groupBy(phase.ofType('offered'), ({ unit }) => unit)].map(([unit, generators]) => ({
    unit,
    offered: generators.reduce((sum, { count }) => sum + count, 0),
    generators,
    ...sorted(outcomes.get(unit) ?? []),
    percentiles,
    freed: freedIn(phase),
  }));
}

/** The load split by node, where it runs on several. */
export function byNode(load: OfferedLoad): readonly (readonly [node: string, load: OfferedLoad])[] {
  return [...Map.groupBy(load.outcomes, ({ node }) => node)].flatMap(([node, outcomes]) =>
    node === undefined ? [] : [[node, { ...load, ...sorted(outcomes) }] as const],
  );
}

/** The number of operations in these outcomes. */
export function counted(outcomes: Outcomes): number {
  return outcomes.reduce((sum, { due }) => sum + due.length, 0);
}

/** The changes that freed the table within a phase. */
export function freeings({ changes }: RecordedPhase): readonly EventOf<'change'>[] {
  return changes.filter(({ change }) => change.kind === 'flush');
}

function sorted(outcomes: Outcomes) {
  const answers = outcomes.filter(({ outcome }) => isAnswer(outcome));
  const failures = outcomes.filter(({ outcome }) => !isAnswer(outcome));
  const latencies = answers.flatMap(({ latency }) => latency).sort((a, b) => a - b);
  return { outcomes, answers, failures, latencies };
}

function freedIn(phase: RecordedPhase): number | undefined {
  const [first] = freeings(phase);
  return first === undefined || phase.start === undefined ? undefined : first.t - phase.start;
}
