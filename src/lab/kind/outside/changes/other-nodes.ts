import { settled } from '../../../../util/settled.ts';
import { isNodeSetting } from '../../node-sysctls.ts';
import { docker } from '../docker.ts';

export type SysctlsByNode = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Sysctls of nodes that no agent works, such as the control plane: a DaemonSet may change them as well. */
export interface OtherNodes {
  readonly read: () => Promise<SysctlsByNode>;
  /** Writes back what differs. @throws Error naming what did not come back */
  readonly restore: (before: SysctlsByNode) => Promise<void>;
}

/** @param nodes their containers */
export function otherNodes(nodes: readonly string[]): OtherNodes {
  return {
    read: async () =>
      Object.fromEntries(await settled(nodes.map(async (node) => [node, await sysctlsOf(node)] as const))),
    restore: async (before) => {
      await settled(Object.entries(before).map(([node, values]) => restore(node, values)));
    },
  };
}

async function restore(node: string, before: Readonly<Record<string, string>>): Promise<void> {
  const differing = (now: Readonly<Record<string, string>>) =>
    Object.entries(before).filter(([name, value]) => now[name] !== undefined && now[name] !== value);
  const changed = differing(await sysctlsOf(node));
  if (changed.length === 0) return;
  await docker(['exec', node, 'sysctl', '-q', ...changed.map(([name, value]) => `${name}=${value}`)]);
  const now = await sysctlsOf(node);
  const [left] = differing(now);
  if (left === undefined) return;
  const [name, value] = left;
  throw new Error(`${node}: ${name}: was ${value}, now ${now[name] ?? ''}`);
}

async function sysctlsOf(node: string): Promise<Readonly<Record<string, string>>> {
  // It names those that can't be read on standard error, and exits with 0.
  const printed = await docker(['exec', node, 'sysctl', '-a']);
  return Object.fromEntries(
    printed.split('\n').flatMap((line) => {
      const [name = '', value] = line.split(' = ');
      return value !== undefined && isNodeSetting(name) ? [[name, value] as const] : [];
    }),
  );
}
