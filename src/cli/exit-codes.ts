/** Of every verb; a run has also 1 (not as expected), 3 (restore incomplete), 130 and 143 (see judge/exit.ts). */
export const EXIT = { ok: 0, environment: 2, left: 3, usage: 64 } as const;

/** What was typed can't be meant; the message is one line with the mend. */
export class UsageError extends Error {}

/** The exit codes, as the help has them. */
export const EXIT_HELP = `
Exit codes: 0 as expected, 1 not as expected, 2 inconclusive or this machine can't, 3 something was not
restored (wins over the others), 64 wrong arguments, 130 and 143 interrupted (SIGINT; SIGTERM, SIGHUP).`;
