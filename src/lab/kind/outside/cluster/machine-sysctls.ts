import { existsSync } from 'node:fs';
import { readSysctl, writeSysctl } from '../../../../kernel/sysctl.ts';

/**
 * What the kubelet of a cluster's node sets (pkg/kubelet/cm/container_manager_linux.go: setupKernelTunables): a node is a
 * container, these are the whole machine's.
 */
const NAMES = [
  'vm.overcommit_memory',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
] as const;

/** The values of the machine before a cluster is created, by name. */
export function machineSysctls(): Record<string, string> {
  const there = NAMES.filter((name) => existsSync(`/proc/sys/${name.replaceAll('.', '/')}`));
  return Object.fromEntries(there.map((name) => [name, readSysctl(name)]));
}

/** Puts them back. @returns a line for each that could not be */
export function restoreMachineSysctls(found: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(found).flatMap(([name, value]) => {
    try {
      if (readSysctl(name) !== value) writeSysctl(name, value);
      return [];
    } catch {
      return [
        `the cluster’s kubelets have set ${name}; as root, \`sysctl -w ${name}=${value}\` puts it back`,
      ];
    }
  });
}
