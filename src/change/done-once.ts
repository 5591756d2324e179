import type { Done, Reading } from './done.ts';

/** A change that nothing undoes, such as a deletion: what is gone does not come back. */
export function doneOnce(readings: readonly Reading[]): Done {
  return {
    readings,
    undo: () => Promise.resolve(readings.map(({ node, after }) => ({ node, before: after, after }))),
  };
}
