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
  const cpu = schedGetCpu();
  const here = Buffer.alloc(before.length);
  here.writeUInt8(1 << (cpu % 8), Math.floor(cpu / 8));
  schedSetAffinity(here);
  try {
    return fn();
  } finally {
    schedSetAffinity(before);
  }
}
