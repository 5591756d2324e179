import { readFileSync, writeFileSync } from 'node:fs';

/**
 * `net.netfilter.nf_conntrack_max` is /proc/sys/net/netfilter/nf_conntrack_max. Below net, it is that of the
 * thread's namespace.
 */
export function pathOf(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}

/** Fixes by errno name. */
const FIXES: Readonly<Record<string, string>> = {
  ENOENT: 'this namespace has none: it is the whole machine’s, or its module is not loaded',
  EACCES: 'it is the whole machine’s, and read-only in a namespace; root may change it in the initial one',
  EPERM: 'it needs root, or CAP_NET_ADMIN in the namespace',
  EROFS: '/proc/sys is mounted read-only; run where it is writable',
  EINVAL: 'the kernel rejects this value',
};

function explained(action: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new Error(`${action}: ${code}: ${FIXES[code] ?? 'see sysctl(8)'}`, { cause: error });
}

/**
 * A sysctl's value, numbers separated by single spaces.
 *
 * @throws Error in one line
 */
export function readSysctl(name: string): string {
  try {
    return readFileSync(pathOf(name), 'latin1').trim().replace(/\s+/g, ' ');
  } catch (error) {
    throw explained(`read ${name}`, error);
  }
}

/**
 * Sets a sysctl and returns the resulting value, which may differ: the kernel rounds buckets up.
 *
 * @throws Error in one line
 */
export function writeSysctl(name: string, value: string): string {
  try {
    // r+: an unknown name gives ENOENT instead of an attempt to create it.
    writeFileSync(pathOf(name), value, { flag: 'r+' });
  } catch (error) {
    throw explained(`set ${name} to ${value}`, error);
  }
  return readSysctl(name);
}
