import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { SET_LABEL } from '../workloads/manifests.ts';
import type { BareNode } from '../cluster/pod-network.ts';

export function bareNode({ metadata, spec, status }: V1Node): BareNode | undefined {
  const ip = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (metadata?.name === undefined || ip === undefined || spec?.podCIDR === undefined) return undefined;
  return { name: metadata.name, ip, podCidr: spec.podCIDR };
}

export function isNodeReady({ status }: V1Node): boolean {
  return isReady(status?.conditions);
}

function isReady(conditions: readonly { type: string; status: string }[] = []): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 404;
}

/** The API server's message, on one line. */
export function apiWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const body = 'body' in error && typeof error.body === 'string' ? error.body : '';
  const said = /"message":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  return said ?? error.message.split('\n')[0] ?? '';
}

/** The label selector of these sets. */
export function ofSets(sets: readonly string[]): string {
  return `${SET_LABEL} in (${sets.join(', ')})`;
}

export function isPodReady({ status }: V1Pod): boolean {
  return isReady(status?.conditions);
}
