/** ms since a run's epoch, to 0.01 ms, by CLOCK_MONOTONIC, which all processes of a machine share. */
export function millisecondsSince(epoch: bigint): number {
  return Math.round(Number(process.hrtime.bigint() - epoch) / 1e4) / 100;
}
