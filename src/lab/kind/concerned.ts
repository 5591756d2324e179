import { EVERY_NODE, type Change, type Immediate } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';

type ApiChange = Extract<Immediate, { kind: 'endpoints' | 'kube-proxy' | 'sysctl-daemonset' }>;

/** Is it, or is some of it, made through the API server? */
export function hasApiPart(change: Change): change is ApiChange {
  return ['endpoints', 'kube-proxy', 'sysctl-daemonset'].includes(change.kind);
}

/**
 * The nodes that a change is made on, or EVERY_NODE.
 *
 * @throws Error where this lab has no way to make it
 */
export function nodesOf(change: Change, { node }: Pick<Protocol, 'node'>): readonly string[] {
  switch (change.kind) {
    case 'sysctl':
    case 'nft':
    case 'flush':
    case 'invalid-rule':
    case 'command':
      return [change.node];
    case 'squeeze':
      return [change.node, ...(change.alike ?? [])];
    case 'limit':
      return [node];
    case 'load':
    case 'calls':
    case 'pod-sysctl':
    case 'conntrack-delete':
    case 'endpoints':
    case 'kube-proxy':
    case 'sysctl-daemonset':
      return [EVERY_NODE];
    case 'event':
      return nodesOf(change.change, { node });
    case 'buckets':
      throw new Error('nf_conntrack_buckets is the machine’s: only root can change it');
    case 'nginx':
    case 'resolver':
    case 'node-dns':
    case 'record-ttl':
      throw new Error(`the lab kind can’t make the change ${change.kind} yet`);
  }
}
