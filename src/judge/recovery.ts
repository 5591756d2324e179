import type { EventOf, History } from '../schema/history.ts';
import { isAnswer, ofType, type PhaseEvent } from '../history/select.ts';
import type { Figures } from '../schema/verdict.ts';

/**
 * What became of a phase after its table was freed in the middle of it: `flushed` (entries deleted), and of every
 * load `UNIT.recovery` (s from then until something that was due later was answered) and `UNIT.stragglers` (s until
 * the last of those was answered that had been waiting: they sit out their own SYN back-off).
 *
 * @param history for its changes, which belong to no phase but fall within one
 * @param events of one phase
 */
export function recovery(history: History, events: readonly PhaseEvent[]): Figures {
  const freed = freeings(history, events);
  const [first] = freed;
  const began = ofType(events, 'phase').find(({ edge }) => edge === 'start')?.t;
  if (first === undefined || began === undefined) return {};
  const flushed = freed.reduce((sum, { before, after }) => sum + Number(before) - Number(after), 0);
  const units = Map.groupBy(
    ofType(events, 'outcomes').filter(({ outcome }) => isAnswer(outcome)),
    ({ unit }) => unit,
  );
  return {
    flushed,
    ...Object.fromEntries([...units].flatMap(([unit, of]) => sinceFreed(unit, of, first.t - began))),
  };
}

function freeings(history: History, events: readonly PhaseEvent[]): readonly EventOf<'change'>[] {
  const edges = ofType(events, 'phase');
  const [start, end] = (['start', 'end'] as const).map((edge) => edges.find((event) => event.edge === edge));
  if (start === undefined) return [];
  return ofType(history, 'change').filter(
    ({ t, cycle, action, change }) =>
      change.kind === 'flush' &&
      action === 'apply' &&
      cycle === start.phase.cycle &&
      t >= start.t &&
      t <= (end?.t ?? Infinity),
  );
}

/** @param freed ms since the phase began */
function sinceFreed(
  unit: string,
  answers: readonly EventOf<'outcomes'>[],
  freed: number,
): (readonly [string, number])[] {
  const ended = answers.flatMap(({ due, latency }) =>
    due.map((at, i) => ({ due: at, ended: at + (latency[i] ?? 0) })),
  );
  const after = ended.filter(({ due }) => due >= freed).map((each) => each.ended - freed);
  const before = ended
    .filter(({ due, ended }) => due < freed && ended > freed)
    .map((each) => each.ended - freed);
  // No spread into Math.min: more arguments than the stack holds would throw.
  const recovered = after.reduce((least, ms) => Math.min(least, ms), Infinity);
  const straggled = before.reduce((most, ms) => Math.max(most, ms), 0);
  return [
    ...(after.length > 0 ? [[`${unit}.recovery`, seconds(recovered)] as const] : []),
    ...(before.length > 0 ? [[`${unit}.stragglers`, seconds(straggled)] as const] : []),
  ];
}

/** To the millisecond: finer than that no clock here is. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
