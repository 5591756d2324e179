import { schedGetAffinity, schedGetCpu, schedSetAffinity } from './libc.ts';

/**
 * Runs `fn` with the calling thread kept on the CPU that it is on. Packets sent over veth links from one CPU are
 * received on that CPU, in the order in which they were sent (netif_rx in net/core/dev.c), whichever namespaces
 * they are sent from.
 *
 * @param fn synchronous: the thread may go where it likes again when it returns
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

/** Keeps the calling thread on one CPU from now on. */
export function pinTo(cpu: number): void {
  const mask = Buffer.alloc(schedGetAffinity().length);
  mask.writeUInt8(1 << (cpu % 8), Math.floor(cpu / 8));
  schedSetAffinity(mask);
}

/** The CPUs that the calling thread may run on. */
export function allowedCpus(): readonly number[] {
  return [...schedGetAffinity()].flatMap((byte, i) =>
    Array.from({ length: 8 }, (_, bit) => bit)
      .filter((bit) => (byte & (1 << bit)) !== 0)
      .map((bit) => i * 8 + bit),
  );
}
