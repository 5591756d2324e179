/** Of every verb; runs and matrices have those of judge/outcome.ts. */
export const EXIT = { ok: 0, environment: 2, left: 3, usage: 64 } as const;

/** What was typed can't be meant; the message is one line with the fix. */
export class UsageError extends Error {}

/** The exit codes, as the help has them. */
export const EXIT_HELP = `
Exit codes: 0 PASSED, 1 FAILED (not as expected), 2 INCONCLUSIVE or NOT RUN (this machine can't),
3 NOT RESTORED (wins over the others), 64 wrong arguments, 130 and 143 INTERRUPTED (SIGINT; SIGTERM, SIGHUP).`;
