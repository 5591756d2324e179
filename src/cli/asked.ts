import type { Io, World } from './world.ts';

/** What the verbs get, and give back. */
export interface Asked {
  readonly argv: readonly string[];
  readonly io: Io;
  /** Scenarios, remedies and labs, for the verbs that need them. */
  readonly world: () => Promise<World>;
  /** Receives the verb's exit code. */
  readonly done: (code: number) => void;
}
