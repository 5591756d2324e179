/** How many intervals fit into a time. A stretched load's seconds may be a rounding error short of the last. */
export function rounds(seconds: number, everyMs: number): number {
  return Math.floor((seconds * 1000) / everyMs + 1e-6);
}
