import { accessSync, constants } from 'node:fs';
import { readSysctl, writeSysctl } from '../kernel/sysctl.ts';

/**
 * All that a run ever changes outside its lab (Documentation/networking/nf_conntrack-sysctl.rst, ip-sysctl.rst): the
 * limit, and whether what passes a bridge of the machine, as packets between the nodes of a kind cluster do, is tracked
 * in the machine's own table as well.
 */
export const GLOBAL_SYSCTLS = [
  'nf_conntrack_max',
  'nf_conntrack_buckets',
  'bridge-nf-call-iptables',
] as const;
export type GlobalSysctl = (typeof GLOBAL_SYSCTLS)[number];

/** By its whole name, as sysctl(8) takes it. */
export function sysctlName(name: GlobalSysctl): string {
  return name === 'bridge-nf-call-iptables' ? `net.bridge.${name}` : `net.netfilter.${name}`;
}

/** Reads and writes global sysctls; a value is a number of entries or of buckets. */
export interface Sysctls {
  read(name: GlobalSysctl): number;
  write(name: GlobalSysctl, value: number): void;
}

/** The file whose value is the limit, and whose lock is the lock on it. */
export const LIMIT_FILE = '/proc/sys/net/netfilter/nf_conntrack_max';

/** The kernel's own, in the network namespace of this process. */
export const kernelSysctls: Sysctls = {
  read: (name) => Number(readSysctl(sysctlName(name))),
  write: (name, value) => {
    writeSysctl(sysctlName(name), String(value));
  },
};

/** May this process change the limit? The file is 0444 outside the initial network namespace. */
export function mayChangeLimit(): boolean {
  try {
    accessSync(LIMIT_FILE, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
