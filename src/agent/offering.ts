import type { LoadContext } from '../load/context.ts';
import { offer } from '../load/index.ts';
import type { Canaries } from '../load/keepalive/keepalive.ts';
import { Outcomes } from '../load/outcomes.ts';
import type { HistoryEvent, Phase } from '../schema/history.ts';
import { LOAD_UNITS, type Load } from '../schema/load.ts';
import { together } from '../util/settled.ts';

/** All the traffic of one phase. */
export interface Offering {
  readonly phase: Phase;
  /** Is a load to be offered here? */
  readonly offers: (load: Load) => boolean;
  readonly demand: Load;
  readonly background: Readonly<Record<string, Load>>;
  readonly canaries: Canaries | undefined;
  readonly context: () => Omit<LoadContext, 'outcomes' | 'measured'>;
  readonly now: () => number;
  readonly emit: (event: HistoryEvent) => void;
  /** Outcomes are handed on so often, ms. */
  readonly every: number;
  /** Stops the loads where one of them fails; their contexts have its signal. */
  readonly stop: AbortController;
}

/** Offers the demand and what goes on beside it once, until the last of it has ended. */
export async function offerAll(offering: Offering): Promise<void> {
  const { phase, offers, demand, background, canaries, context, now, emit, every, stop } = offering;
  const collect = (unit: string): Outcomes => new Outcomes(phase, unit, now, emit);
  const loads = [
    { load: demand, outcomes: collect(LOAD_UNITS[demand.kind]) },
    ...Object.entries(background).map(([name, load]) => ({ load, outcomes: collect(name) })),
    // Updates go through the API server, which an agent asks nothing.
  ].filter(({ load }) => load.kind !== 'updates' && offers(load));
  const beats = collect(LOAD_UNITS.keepalive);
  const all = [...loads.map(({ outcomes }) => outcomes), ...(canaries === undefined ? [] : [beats])];
  const over = new AbortController();
  const watching = canaries?.watch(beats, context().slack, over.signal);
  const flushing = setInterval(() => {
    for (const outcomes of all) outcomes.flush();
  }, every);
  const measured = (figures: Readonly<Record<string, number>>): void => {
    emit({ type: 'measured', t: now(), phase, figures });
  };
  try {
    const offers = loads.map(({ load, outcomes }) => offer(load, { ...context(), measured, outcomes }));
    await together(offers, stop);
  } finally {
    over.abort();
    await watching;
    clearInterval(flushing);
    for (const outcomes of all) outcomes.finish();
  }
}
