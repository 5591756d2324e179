import type { Interruption } from '../schema/outcome.ts';
import { Interrupted } from '../run/stops.ts';

/** `process`, or a test's emitter. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** A terminal that is closed ends a run as SIGTERM does. */
const MEANING: Partial<Record<NodeJS.Signals, Interruption>> = {
  SIGINT: 'SIGINT',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGTERM',
};

/** npm hands on the SIGINT that the terminal has sent to the whole process group already. */
export const SAME_MS = 1000;

/**
 * Turns the first signal into an abort, with an `Interrupted` as its reason. What comes within a second is the same
 * one delivered twice; a later one is answered, and cuts nothing short. It listens for good: a late second delivery
 * must not take the exit code from a run that has ended.
 *
 * @param now milliseconds of a monotonic clock
 */
export function watchSignals(
  source: SignalSource,
  say: (line: string) => void,
  now = (): number => performance.now(),
): AbortSignal {
  const controller = new AbortController();
  let last = -Infinity;
  const listener = (signal: NodeJS.Signals): void => {
    const same = now() - last < SAME_MS;
    if (same) return;
    last = now();
    if (controller.signal.aborted) {
      say(`${signal}: still restoring; it takes up to 30 s and is not cut short`);
      return;
    }
    say(`${signal}: taking the lab down and restoring; what was seen so far is judged`);
    controller.abort(new Interrupted(MEANING[signal] ?? 'SIGTERM'));
  };
  for (const name of Object.keys(MEANING) as NodeJS.Signals[]) source.on(name, listener);
  return controller.signal;
}
