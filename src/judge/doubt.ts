import type { Blames } from '../schema/verdict.ts';

/** Why something can't be judged. */
export interface Doubt {
  readonly reason: string;
  /** What was too slow; absent where something else is why. */
  readonly blames?: Blames;
}

/**
 * Where half the pace may help: nowhere; once in this phase, whose remedy may be what broke it; in this phase, whose own
 * change came late; or in this and all that follow, because the machine is too slow.
 */
export type Slower = 'no' | 'once' | 'this-phase' | 'all-phases';

/** Why a phase is invalid. */
export interface Invalid extends Doubt {
  readonly slower: Slower;
}

/** A doubt about one phase, which its reason names. */
export function doubtAbout(phase: string, { reason, blames }: Doubt): Doubt {
  return { reason: `${phase}: ${reason}`, ...(blames !== undefined && { blames }) };
}
