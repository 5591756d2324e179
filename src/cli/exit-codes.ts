/** Exit codes of verbs; runs and matrices use those of schema/outcome.ts. */
export const EXIT = { ok: 0, environment: 2, left: 3, usage: 64 } as const;

/** The arguments are wrong; the message is one line with the fix. */
export class UsageError extends Error {}
