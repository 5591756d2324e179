/**
 * Calls `over` after `ms`, unless cleared. Pending input is read first: in a busy event loop timers precede
 * I/O, and an answer in its socket is no timeout.
 *
 * @returns a function that clears the limit
 */
export function timeLimit(ms: number, over: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // One turn may end amid the ready input; the next sees the rest.
    immediate = setImmediate(() => {
      immediate = setImmediate(over);
    });
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
