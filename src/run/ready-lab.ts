import type { Squeeze } from '../change/squeezes.ts';
import type { RestoreReport } from '../guard/restore.ts';
import type { LabEntry, Readiness } from '../lab/entry.ts';
import { unavailable } from './stops.ts';

/** Where a run begins. */
interface Place {
  readonly lab: Pick<LabEntry, 'preflight'>;
  readonly restoreLeftovers: (signal: AbortSignal) => Promise<RestoreReport>;
}

/** Prints a line: about the run, or about a problem that does not stop it. */
type Tell = Readonly<Record<'say' | 'warn', (line: string) => void>>;

interface Ready {
  readonly readiness: Readiness;
  /** What a killed run changed and could not be restored. */
  readonly left: readonly string[];
}

/**
 * Restores what killed runs left, and checks that the machine can open the lab.
 *
 * @throws Unavailable where it can't; the signal's reason
 */
export async function readyLab(
  { lab, restoreLeftovers }: Place,
  squeeze: Squeeze,
  { say, warn }: Tell,
  signal: AbortSignal,
): Promise<Ready> {
  const { restored, left } = await restoreLeftovers(signal);
  for (const line of restored) warn(`restored after a killed run: ${line}`);
  const readiness = await lab.preflight(squeeze).catch(unavailable);
  if (readiness.warning !== undefined) say(readiness.warning);
  return { readiness, left };
}
