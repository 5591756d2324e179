import type { RunRequest } from './execute.ts';

/** The number of phases of a run without retries. */
export function phasesOf({
  remedies,
  control,
  singlePass,
}: Pick<RunRequest, 'control' | 'singlePass'> & { readonly remedies: readonly unknown[] }): number {
  const symptom = 2;
  if (control || remedies.length === 0) return symptom;
  return symptom + (singlePass ? remedies.length + 1 : remedies.length * 3);
}
