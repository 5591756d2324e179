import { figuresOf } from '../../../src/figure/compute.ts';
import { RecordedPhase, type PhaseEvent } from '../../../src/history/run.ts';
import type { EventOf } from '../../../src/schema/history.ts';
import type { Figures } from '../../../src/schema/verdict.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

export const PHASE = { cycle: 'symptom', stage: 'fault' } as const;

/** The figures of a phase in which this was recorded, and these changes were made. */
export function figuresWith(
  events: readonly PhaseEvent[],
  changes: readonly EventOf<'change'>[] = [],
): Figures {
  return figuresOf(new RecordedPhase(PHASE, events, changes), PROTOCOL);
}

/** The figures of a phase of which these are known already. */
export function derivedFrom(figures: Record<string, number>): Figures {
  return figuresWith([{ type: 'measured', t: 0, phase: PHASE, figures }]);
}
