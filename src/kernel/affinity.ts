import { schedGetAffinity, schedGetCpu, schedSetAffinity } from './libc.ts';

/**
 * Runs `fn` with the calling thread pinned to its current CPU. Packets sent over veth links from one CPU are
 * received on it in order (netif_rx in net/core/dev.c), from whichever namespaces.
 *
 * @param fn must be synchronous: pinning ends when it returns
 */
export function pinned<T>(fn: () => T): T {
  const before = schedGetAffinity();
  pinTo(schedGetCpu());
  try {
    return fn();
  } finally {
    schedSetAffinity(before);
  }
}

/** Pins the calling thread to one CPU. */
export function pinTo(cpu: number): void {
  const mask = Buffer.alloc(schedGetAffinity().length);
  mask.writeUInt8(1 << (cpu % 8), Math.floor(cpu / 8));
  schedSetAffinity(mask);
}

/** CPUs that the calling thread may run on. */
export function allowedCpus(): readonly number[] {
  return [...schedGetAffinity()].flatMap((byte, i) =>
    Array.from({ length: 8 }, (_, bit) => bit)
      .filter((bit) => (byte & (1 << bit)) !== 0)
      .map((bit) => i * 8 + bit),
  );
}
