import type { Conditions, Phase } from '../schema/history.ts';
import { orAborted } from '../util/or-aborted.ts';
import type { PhaseStep } from '../agent/rpc.ts';
import { failuresOf, joined, settled } from '../util/settled.ts';

/** Maximum duration of an abandon, ms; undoing may restart kube-proxy. */
const ABANDON_MS = 90_000;

/** Carries out the steps of a phase on nodes. */
export interface PhaseAgent {
  ask(
    request: { method: 'phase'; phase: Phase; step: PhaseStep; conditions: Conditions },
    signal: AbortSignal,
  ): Promise<unknown>;
}

/** The harness's own scheduled changes and load in a phase. Disposing undoes the changes. */
interface Beside extends AsyncDisposable {
  /** Resolves once the changes at 0 are made: the demand meets what is there from the start. */
  readonly ready: Promise<unknown>;
  /** Starts what runs beside the agents' offers. */
  readonly offer: () => readonly Promise<unknown>[];
}

/** The harness's part in a phase. */
interface OwnPart {
  /** Begins it, once every agent has begun the phase, to end when the signal aborts. */
  readonly begin?: (stop: AbortSignal) => Beside;
  /** Records what the harness observes, once all offers have ended. */
  readonly record?: () => Promise<void>;
}

/**
 * Runs a phase: each step on all agents before the next. Every agent ends what it began, whether the phase
 * succeeds or not, and no load runs on afterwards.
 *
 * @param signal aborted when the lab is about to be taken down, which ends everything
 * @throws one error that names every failure
 */
export async function phaseOn(
  agents: readonly PhaseAgent[],
  phase: Phase,
  conditions: Conditions,
  signal: AbortSignal,
  own: OwnPart = {},
): Promise<void> {
  const every = (step: PhaseStep, within: AbortSignal): Promise<unknown>[] =>
    agents.map((agent) => agent.ask({ method: 'phase', phase, step, conditions }, within));
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];
  const scheduled = new AsyncDisposableStack();
  const undoScheduled = (): Promise<void> => scheduled.disposeAsync();
  try {
    await settled(every('begin', signal));
    const beside = scheduled.use(own.begin?.(AbortSignal.any([signal, stop.signal])));
    await beside?.ready;
    running.push(...(beside?.offer() ?? []));
    running.push(...every('offer', signal));
    await Promise.all(running);
    await undoScheduled();
    await own.record?.();
  } catch (error) {
    stop.abort(error);
    const within = AbortSignal.timeout(ABANDON_MS);
    const failures = await failuresOf([
      undoScheduled,
      () => (signal.aborted ? undefined : settled(every('abandon', within))),
      () => orAborted(Promise.allSettled(running), within),
    ]);
    throw joined([error, ...failures]);
  }
  await settled(every('end', signal));
}
