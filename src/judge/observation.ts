import type { History, Stage } from '../schema/history.ts';
import { percentilesIn } from '../schema/figures-named.ts';
import { LOAD_UNITS } from '../schema/load.ts';
import { headerOf, ofType, type Observation, type PhaseEvent } from '../history/select.ts';
import { figuresOf } from './figures.ts';
import { recovery } from './recovery.ts';
import { spoilt } from './spoilt.ts';
import { sayDemand, sayTable } from './words.ts';

/** Everything seen in one phase the last time that it was observed, its figures, and whether they can be relied on. */
export function observe(history: History, cycle: string, stage: Stage): Observation {
  const header = headerOf(history);
  const { node, demand } = header.protocol;
  const all = history.filter(
    (event): event is PhaseEvent =>
      'phase' in event && event.phase.cycle === cycle && event.phase.stage === stage,
  );
  const events = all.slice(all.findLastIndex(({ type }) => type === 'repeat') + 1);
  const unit = LOAD_UNITS[demand.kind];
  const others = recovery(history, events);
  const figures = figuresOf(events, node, unit, others, percentilesIn(header.protocol));
  const invalid = spoilt(history, header, events, figures);
  return {
    phase: { cycle, stage },
    events,
    figures,
    account: `${sayDemand(figures, unit, ofType(events, 'outcomes'))}; ${sayTable(figures)}`,
    ...(invalid !== undefined && { spoilt: invalid.reason, tooFast: invalid.tooFast }),
  };
}
