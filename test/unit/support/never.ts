/** The signal of what is not interrupted. */
export const NEVER: AbortSignal = new AbortController().signal;
