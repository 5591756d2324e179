import type { Blames } from '../schema/verdict.ts';

/** Why something can't be judged. */
export interface Doubt {
  readonly reason: string;
  /** What was too slow; absent where something else is why. */
  readonly blames?: Blames;
}

/** A doubt about one phase, which its reason names. */
export function doubtAbout(phase: string, { reason, blames }: Doubt): Doubt {
  return { reason: `${phase}: ${reason}`, ...(blames !== undefined && { blames }) };
}
