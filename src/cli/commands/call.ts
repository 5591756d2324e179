import type { Io, VerbContext } from '../verb-context.ts';

/** What the verbs get, and give back. */
export interface Call {
  readonly argv: readonly string[];
  readonly io: Io;
  /** Scenarios, remedies and labs, for the verbs that need them. */
  readonly context: () => Promise<VerbContext>;
  /** Receives the verb's exit code. */
  readonly done: (code: number) => void;
}
