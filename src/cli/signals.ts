import type { Interruption } from '../schema/outcome.ts';
import { Interrupted } from '../run/stops.ts';

/** `process`, or a test's emitter. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** A closed terminal (SIGHUP) acts as SIGTERM. */
const MEANING: Partial<Record<NodeJS.Signals, Interruption>> = {
  SIGINT: 'SIGINT',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGTERM',
};

/** ms. npm forwards the SIGINT that the terminal has already sent to the whole process group. */
export const SAME_MS = 1000;

/**
 * Turns the first signal into an abort with the reason `Interrupted`. A second delivery within SAME_MS is
 * ignored; a later signal gets an answer but shortens nothing. Listens for ever: a late second delivery must
 * not replace the exit code.
 *
 * @param now ms of a monotonic clock
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
      say(`${signal}: still restoring; what is not restored in time is named at the end`);
      return;
    }
    say(`${signal}: taking the lab down and restoring; the phases so far are judged`);
    controller.abort(new Interrupted(MEANING[signal] ?? 'SIGTERM'));
  };
  for (const name of Object.keys(MEANING) as NodeJS.Signals[]) source.on(name, listener);
  return controller.signal;
}
