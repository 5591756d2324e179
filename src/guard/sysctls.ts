import { accessSync, constants } from 'node:fs';
import { pathOf, readSysctl, writeSysctl } from '../kernel/sysctl.ts';
import { MAX } from '../kernel/table-names.ts';

/**
 * All that a run changes outside its lab (Documentation/networking/nf_conntrack-sysctl.rst, ip-sysctl.rst):
 * the limit, and whether the machine's own table also tracks bridged packets, such as those between nodes of
 * a kind cluster.
 */
export const GLOBAL_SYSCTLS = [
  'nf_conntrack_max',
  'nf_conntrack_buckets',
  'bridge-nf-call-iptables',
] as const;
export type GlobalSysctl = (typeof GLOBAL_SYSCTLS)[number];

/** The full name, as sysctl(8) takes it. */
export function sysctlName(name: GlobalSysctl): string {
  return name === 'bridge-nf-call-iptables' ? `net.bridge.${name}` : `net.netfilter.${name}`;
}

/** Reads and writes global sysctls; values are numbers of entries or buckets. */
export interface Sysctls {
  read(name: GlobalSysctl): number;
  write(name: GlobalSysctl, value: number): void;
}

/** The sysctl file of the limit, which also carries its lock. */
export const LIMIT_FILE = pathOf(MAX);

/** The kernel's, in this process's network namespace. */
export const kernelSysctls: Sysctls = {
  read: (name) => Number(readSysctl(sysctlName(name))),
  write: (name, value) => {
    writeSysctl(sysctlName(name), String(value));
  },
};

/** Whether this process may change the limit. The file is 0444 outside the initial network namespace. */
export function mayChangeLimit(): boolean {
  try {
    accessSync(LIMIT_FILE, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
