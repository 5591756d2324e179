import type { Done, Reading } from './done.ts';

/** A change without an undo, such as a deletion. */
export function doneOnce(readings: readonly Reading[]): Done {
  return {
    readings,
    undo: () => Promise.resolve(readings.map(({ node, after }) => ({ node, before: after, after }))),
  };
}
