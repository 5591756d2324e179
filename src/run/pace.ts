import { kindOf, loadSchema, type Load } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Lab } from '../lab/lab.ts';
import type { Untimed } from '../schema/history.ts';

/** The demand uses at most this share of the measured capacity. */
const SHARE = 0.4;
/** The largest share of a clock's time that the demand may take; longer, and the clock strikes before its end. */
const OF_CLOCK = 1 / 3;
/** The slowest pace: beyond it phases take too long. */
const MOST = 32;

/** The loads of a phase with the fault in place. */
function loadsOf({ demand, fault, background }: Protocol): readonly Load[] {
  const isOfDemand = fault.kind === 'load' && fault.of === undefined;
  const faulty = isOfDemand ? loadSchema.parse({ ...demand, ...fault.set }) : demand;
  return [faulty, ...Object.values(background)];
}

const peakRate = (load: Load): number => kindOf(load).peakRate(load);

/** The load with the highest peak rate: the machine must keep up with it. */
function heaviest(protocol: Protocol): Load {
  return loadsOf(protocol).reduce((most, load) => (peakRate(load) > peakRate(most) ? load : most));
}

/** Combined peak rate of all loads, operations a second. */
function wantedBy(protocol: Protocol): number {
  return loadsOf(protocol).reduce((sum, load) => sum + peakRate(load), 0);
}

/**
 * The pace on a machine that does `capacity` operations a second; 1 where it keeps up or the capacity is
 * unknown.
 */
export function paceFor(protocol: Protocol, capacity: number | undefined): number {
  if (capacity === undefined || capacity <= 0) return 1;
  const pace = Math.max(1, wantedBy(protocol) / (SHARE * capacity));
  return Math.min(Math.ceil(pace * 10) / 10, slowestPace(protocol));
}

/**
 * The slowest pace at which a demand still shows what it should. Clocks of the kernel and of DNS are not
 * stretched with it: entries would expire, and cached answers be renewed, while it is offered.
 */
export function slowestPace(protocol: Protocol): number {
  if (keepsItsRate(protocol)) return 1;
  const seconds = kindOf(protocol.demand).seconds(protocol.demand);
  if (seconds === 0) return MOST;
  const clocks = clocksOf(protocol).map((clock) => (clock * OF_CLOCK) / seconds);
  return Math.max(1, Math.min(MOST, ...clocks));
}

/** Whether the demand has a rate that nothing here changes: a script's, an API server's. */
export function keepsItsRate({ demand }: Protocol): boolean {
  const { seconds, stretched } = kindOf(demand);
  return seconds(demand) > 0 && stretched(demand, 2) === demand;
}

/** Seconds: the lifetime of an entry, and the TTL of a name that clients look up. */
function clocksOf({ demand, lifetime, topology }: Protocol): readonly number[] {
  const asksByName = 'via' in demand && demand.via === 'name';
  return [...(lifetime === undefined ? [] : [lifetime]), ...(asksByName ? [topology.recordTtl] : [])];
}

/** The pace of a run: measured before the first phase, and slower from then on where the machine is too slow. */
export class Pacing {
  readonly #protocol: Protocol;
  readonly #note: (event: Untimed) => void;
  #pace: number;

  private constructor(protocol: Protocol, pace: number, note: (event: Untimed) => void) {
    this.#protocol = protocol;
    this.#pace = pace;
    this.#note = note;
  }

  /** Measures all labs at once, as they will run, and takes the slowest. @param plan its `pace` is the minimum */
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

  /** Twice as slow, within the scenario's limit. */
  half(pace: number): number {
    return Math.min(2 * pace, slowestPace(this.#protocol));
  }

  /** Keeps a slower pace from now on. */
  keep(pace: number, reason: string): void {
    if (pace <= this.#pace) return;
    this.#pace = pace;
    this.#note({ type: 'pace', pace, wanted: Math.round(wantedBy(this.#protocol)), reason });
  }
}
