import { kindOf, loadSchema, type Load } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Lab } from '../lab/lab.ts';
import type { Untimed } from '../schema/history.ts';

/** A demand runs at no more than this share of what the machine has been measured to do. */
const SHARE = 0.4;
/** A demand may take so large a part of an entry's lifetime, or entries leave before its end. */
const OF_LIFETIME = 1 / 3;
/** Stretched further, no phase ends in reasonable time. */
const MOST = 32;

/** The loads of a phase with the fault in place. */
function loadsOf({ demand, fault, background }: Protocol): readonly Load[] {
  const isOfDemand = fault.kind === 'load' && fault.of === undefined;
  const faulty = isOfDemand ? loadSchema.parse({ ...demand, ...fault.set }) : demand;
  return [faulty, ...Object.values(background)];
}

const peakRate = (load: Load): number => kindOf(load).peakRate(load);

/** The load that asks for most at its busiest: it is what the machine has to keep up with. */
export function heaviest(protocol: Protocol): Load {
  return loadsOf(protocol).reduce((most, load) => (peakRate(load) > peakRate(most) ? load : most));
}

/** Operations a second that all loads together ask for at their busiest. */
export function wantedBy(protocol: Protocol): number {
  return loadsOf(protocol).reduce((sum, load) => sum + peakRate(load), 0);
}

/**
 * How many times as long as the scenario says a phase has to take on a machine that does `capacity` operations a
 * second; 1 where it keeps up, or where it is not known.
 */
export function paceFor(protocol: Protocol, capacity: number | undefined): number {
  if (capacity === undefined || capacity <= 0) return 1;
  const pace = Math.max(1, wantedBy(protocol) / (SHARE * capacity));
  return Math.min(Math.ceil(pace * 10) / 10, slowest(protocol));
}

/** The largest factor that leaves the scenario its meaning: entries must not expire while the demand is offered. */
function slowest({ demand, lifetime }: Protocol): number {
  const seconds = kindOf(demand).seconds(demand);
  if (lifetime === undefined || seconds === 0) return MOST;
  return Math.max(1, Math.min(MOST, (lifetime * OF_LIFETIME) / seconds));
}

/** The pace of a run: measured before its first phase, and halved where the machine turns out not to keep up with it. */
export class Pacing {
  readonly #protocol: Protocol;
  readonly #note: (event: Untimed) => void;
  #pace: number;

  private constructor(protocol: Protocol, pace: number, note: (event: Untimed) => void) {
    this.#protocol = protocol;
    this.#pace = pace;
    this.#note = note;
  }

  /**
   * Measures the labs side by side, as they will work, and goes by the slowest.
   *
   * @param plan its `pace` is the least
   */
  static async measured(
    labs: readonly Pick<Lab, 'capacity'>[],
    { protocol, pace: least }: { readonly protocol: Protocol; readonly pace: number },
    note: (event: Untimed) => void,
    signal: AbortSignal,
  ): Promise<Pacing> {
    const load = heaviest(protocol);
    const each = await Promise.all(labs.map((lab) => lab.capacity(load, signal)));
    const known = each.flatMap((capacity) => (capacity !== undefined && capacity > 0 ? [capacity] : []));
    const capacity = known.length > 0 ? Math.round(Math.min(...known)) : undefined;
    const pace = Math.max(least, paceFor(protocol, capacity));
    const wanted = Math.round(wantedBy(protocol));
    note({ type: 'pace', pace, wanted, ...(capacity !== undefined && { capacity }) });
    return new Pacing(protocol, pace, note);
  }

  get pace(): number {
    return this.#pace;
  }

  /** From now on at half the pace, as far as the scenario keeps its meaning. */
  halve(reason: string): void {
    const pace = Math.min(2 * this.#pace, slowest(this.#protocol));
    if (pace <= this.#pace) return;
    this.#pace = pace;
    this.#note({ type: 'pace', pace, wanted: Math.round(wantedBy(this.#protocol)), reason });
  }
}
