import type { Lab } from '../lab/lab.ts';
import type { Phase } from '../schema/history.ts';
import type { Pacing } from './pace.ts';
import type { RunContext } from './plan.ts';

/** Maximum retries of an invalid phase, and those at half the pace. */
const RETRIES = 3;
const SLOWER = 2;
/** ms. Shifts each retry so that it does not stay in step with conntrack's gc. */
const SHIFT_MS = 700;

/** A run whose pace is known. */
export interface Paced extends RunContext {
  readonly pacing: Pacing;
}

/**
 * Observes a phase and retries it while it is invalid: at half the pace where the machine was too slow,
 * otherwise at the same pace.
 */
export async function observe(
  lab: Lab,
  phase: Phase,
  { whyRetry, note, pause, pacing, slack }: Paced,
  signal: AbortSignal,
): Promise<void> {
  let slower = 0;
  for (let retries = 0; ; retries++) {
    await lab.phase(phase, { pace: pacing.pace, slack: slack() }, signal);
    const why = whyRetry(phase);
    if (why === undefined || retries === RETRIES) return;
    if (why.tooFast && slower++ === SLOWER) return;
    if (why.tooFast) pacing.halve(why.reason);
    note({ type: 'retry', phase, reason: why.reason });
    await pause(SHIFT_MS * (retries + 1), signal);
    await lab.clear(signal);
  }
}
