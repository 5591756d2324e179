import type { LoadContext } from '../load/context.ts';
import type { Canaries } from '../load/keepalive/canaries.ts';
import { Outcomes } from '../load/outcomes.ts';
import type { HistoryEvent, Phase } from '../schema/history.ts';
import { CANARIES } from '../load/keepalive/schema.ts';
import { kindOf, offer, type Load } from '../load/index.ts';
import { together } from '../util/settled.ts';

/** All the traffic of one phase. */
interface Offering {
  readonly phase: Phase;
  /** Whether this agent offers a load. */
  readonly offers: (load: Load) => boolean;
  readonly demand: Load;
  readonly background: Readonly<Record<string, Load>>;
  readonly canaries: Canaries | undefined;
  readonly context: () => Omit<LoadContext, 'outcomes' | 'measured'>;
  readonly now: () => number;
  readonly emit: (event: HistoryEvent) => void;
  /** Interval at which outcomes are emitted, ms. */
  readonly every: number;
  /** Aborted when a load fails, to stop the others. Load contexts carry its signal. */
  readonly stop: AbortController;
}

/** Offers the demand and the background loads once. Resolves when the last request has ended. */
export async function offerAll(offering: Offering): Promise<void> {
  const { phase, offers, demand, background, canaries, context, now, emit, every, stop } = offering;
  const collect = (unit: string): Outcomes =>
    new Outcomes(unit, now, (event) => {
      emit({ ...event, phase });
    });
  const loads = [
    { load: demand, outcomes: collect(kindOf(demand).unit) },
    ...Object.entries(background).map(([name, load]) => ({ load, outcomes: collect(name) })),
  ].filter(({ load }) => kindOf(load).runner !== undefined && offers(load));
  const beats = collect(CANARIES.unit);
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
