/** Exit codes of verbs; runs and matrices use those of schema/outcome.ts. */
export const EXIT = { ok: 0, environment: 2, left: 3, usage: 64 } as const;

/** The arguments are wrong; the message is one line with the fix. */
export class UsageError extends Error {}

/** The exit codes in the help. */
export const EXIT_HELP = `
Exit codes: 0 PASSED, 1 FAILED (not as expected), 2 INCONCLUSIVE or NOT RUN (this machine can't),
3 NOT RESTORED (wins over the others), 64 wrong arguments, 130 and 143 INTERRUPTED (SIGINT; SIGTERM, SIGHUP).`;
