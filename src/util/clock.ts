/** Milliseconds since a run's epoch, to a hundredth, by the clock that all processes of a machine share (CLOCK_MONOTONIC). */
export function millisecondsSince(epoch: bigint): number {
  return Math.round(Number(process.hrtime.bigint() - epoch) / 1e4) / 100;
}
