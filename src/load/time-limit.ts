/**
 * Calls `over` after so many milliseconds, unless cleared. What has arrived by then is read first: in a busy event loop
 * timers come before I/O, and an answer that lies in its socket is no time-out.
 *
 * @returns clears the limit
 */
export function timeLimit(ms: number, over: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // One turn may end in the middle of what is ready; the next sees all of it.
    immediate = setImmediate(() => {
      immediate = setImmediate(over);
    });
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
