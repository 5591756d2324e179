import type { Invalid, Slower } from '../judge/doubt.ts';
import type { Lab } from '../lab/lab.ts';
import type { Phase } from '../schema/history.ts';
import type { Pacing } from './pace.ts';
import type { RunContext } from './plan.ts';

/** Maximum retries of an invalid phase in all, and those at half the pace. */
type Retries = Readonly<Record<'all' | Exclude<Slower, 'no'>, number>>;

// What a remedy breaks is broken at any pace: half must do.
const RETRIES: Retries = { all: 3, once: 1, 'this-phase': 2, 'all-phases': 2 };
/** For the phase that confirms the fault after a series: if it is invalid, all its remedies are inconclusive. */
export const RETRIES_FOR_ALL: Retries = { all: 6, once: 2, 'this-phase': 4, 'all-phases': 4 };
/** ms. Shifts each retry so that it does not stay in step with conntrack's gc. */
const SHIFT_MS = 700;

/** A run whose labs are open and whose pace is known. Its signal aborts also when a lab is lost. */
export interface Paced extends RunContext {
  readonly pacing: Pacing;
  /** Records that a cycle of phases begins in a lab. */
  readonly begins: (lab: Lab, cycle: string) => void;
}

/** How a phase is offered, and offered again. */
interface Attempts<Offered> {
  readonly pacing: Pacing;
  readonly offer: (pace: number) => Promise<Offered>;
  /** Undefined where the phase is valid. */
  readonly whyRetry: (offered: Offered) => Invalid | undefined;
  /** Called before each retry. */
  readonly note?: (reason: string) => void;
  /** Waits `ms`. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Brings the table back to what it was before the phase. */
  readonly reset: () => Promise<void>;
}

/**
 * Offers a phase and retries it while it is invalid: at half the pace where that may help, otherwise at the same pace.
 * The phases that follow keep the slower pace if the machine was too slow.
 *
 * @returns the last attempt
 */
export async function untilValid<Offered>(
  { pacing, offer, whyRetry, note, pause, reset }: Attempts<Offered>,
  signal: AbortSignal,
  most = RETRIES,
): Promise<Offered> {
  let { pace } = pacing;
  let slower = 0;
  for (let retries = 0; ; retries++) {
    const offered = await offer(pace);
    const why = whyRetry(offered);
    if (why === undefined || retries === most.all) return offered;
    if (why.slower !== 'no' && slower++ === most[why.slower]) return offered;
    if (why.slower !== 'no') pace = pacing.half(pace);
    if (why.slower === 'all-phases') pacing.keep(pace, why.reason);
    note?.(why.reason);
    await pause(SHIFT_MS * (retries + 1), signal);
    await reset();
  }
}

/** Observes a phase in a lab until it is valid. */
export function observe(
  lab: Lab,
  phase: Phase,
  { whyRetry, note, pause, pacing, slack, signal }: Paced,
  most = RETRIES,
): Promise<void> {
  return untilValid(
    {
      ...{ pacing, pause },
      offer: (pace) => lab.phase(phase, { pace, slack: slack() }, signal),
      whyRetry: () => whyRetry(phase),
      note: (reason) => {
        note({ type: 'retry', phase, reason });
      },
      reset: () => lab.clear(signal),
    },
    signal,
    most,
  );
}
