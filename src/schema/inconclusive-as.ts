/** What an inconclusive run counts as: neither, a failure, or a success. */
export const INCONCLUSIVE_AS = ['neither', 'fail', 'pass'] as const;
export type InconclusiveAs = (typeof INCONCLUSIVE_AS)[number];
