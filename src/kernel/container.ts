import { readIfThere } from '../util/read-if-there.ts';

/** What a container’s runtime took away. */
export interface Containment {
  /** CAP_SYS_ADMIN in the bounding set. */
  readonly mayAdminister: boolean;
  /** Container runtimes cover parts of /proc; the kernel then refuses a fresh /proc. */
  readonly procMasked: boolean;
}

const CAP_SYS_ADMIN = 21n;

/** As this process sees it. */
export function containment(): Containment {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(read('/proc/self/status'))?.[1] ?? '0';
  return {
    mayAdminister: ((BigInt(`0x${bounding}`) >> CAP_SYS_ADMIN) & 1n) === 1n,
    procMasked: /^\S+ \S+ \S+ \S+ \/proc\/(?!sys\/fs\/binfmt_misc )\S+ /m.test(read('/proc/self/mountinfo')),
  };
}

/** Whether this is a container, by what its runtime took away: one that took nothing is as good as the machine. */
export function isContained({ mayAdminister, procMasked }: Containment = containment()): boolean {
  return !mayAdminister || procMasked;
}

function read(path: string): string {
  return readIfThere(path) ?? '';
}
