import { execa } from 'execa';
import type { NetNamespace } from '../kernel/netns.ts';

/** The node's own, which speaks to the same tables as kube-proxy's: there are two kinds, blind to each other. */
const NODE_ROOT = '/proc/1/root';

/** @returns what it prints; undefined where there is no iptables, or no such rule or chain */
export async function iptables(space: NetNamespace, args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await space.within(() =>
    execa('chroot', [NODE_ROOT, 'iptables', '-w', ...args], { reject: false }),
  );
  return failed ? undefined : stdout;
}

/** Takes rules out, as `iptables -S` prints them, all or none. */
export async function deleteRules(
  space: NetNamespace,
  table: string,
  rules: readonly string[],
): Promise<void> {
  if (rules.length === 0) return;
  const input = [`*${table}`, ...rules.map((rule) => rule.replace(/^-A/, '-D')), 'COMMIT', ''].join('\n');
  await space.within(() => execa('chroot', [NODE_ROOT, 'iptables-restore', '-w', '--noflush'], { input }));
}
