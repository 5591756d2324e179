import type { Lab } from '../lab/lab.ts';
import type { Protocol } from '../schema/protocol.ts';

/** Makes the fault and what follows from it, in the name of the symptom. */
export async function applyFault(
  lab: Pick<Lab, 'apply'>,
  { fault, aftermath }: Protocol,
  signal: AbortSignal,
): Promise<void> {
  for (const change of [fault, ...aftermath]) await lab.apply(change, 'symptom', signal);
}
