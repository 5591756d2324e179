import { existsSync } from 'node:fs';
import { readSysctl, writeSysctl } from '../../../../kernel/sysctl.ts';

/**
 * Sysctls that a node's kubelet sets (pkg/kubelet/cm/container_manager_linux.go: setupKernelTunables). The
 * node is a container, so they are the whole machine's.
 */
const NAMES = [
  'vm.overcommit_memory',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
] as const;

/** The machine's values before a cluster is created, by name. */
export function machineSysctls(): Record<string, string> {
  const there = NAMES.filter((name) => existsSync(`/proc/sys/${name.replaceAll('.', '/')}`));
  return Object.fromEntries(there.map((name) => [name, readSysctl(name)]));
}

/** Restores them. @returns a line for each failure */
export function restoreMachineSysctls(found: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(found).flatMap(([name, value]) => {
    try {
      if (readSysctl(name) !== value) writeSysctl(name, value);
      return [];
    } catch {
      return [`the cluster’s kubelets have set ${name}; as root, \`sysctl -w ${name}=${value}\` restores it`];
    }
  });
}
