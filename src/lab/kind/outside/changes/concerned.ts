import { EVERY_NODE, type Change } from '../../../../schema/change.ts';
import type { Protocol } from '../../../../schema/protocol.ts';
import { isDnsChange } from '../dns/dns-changes.ts';
import { dnsService, setsThatLookUp } from '../../dns-config.ts';

const BY_THE_API: readonly Change['kind'][] = ['endpoints', 'kube-proxy', 'sysctl-daemonset'];
/** The nodes' alone, but after what the API server has been asked for. */
const AFTER_IT: readonly Change['kind'][] = ['conntrack-delete'];

/** Is it, or is some of it, made through the API server, or does it wait for what is? */
export function takesTheApi(change: Change): boolean {
  return isDnsChange(change) || [...BY_THE_API, ...AFTER_IT].includes(change.kind);
}

/**
 * The nodes that a change is made on, or EVERY_NODE.
 *
 * @throws Error where this lab has no way to make it
 */
export function nodesOf(change: Change, protocol: Protocol): readonly string[] {
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
      return [protocol.node];
    case 'load':
    case 'calls':
    case 'conntrack-delete':
    case 'endpoints':
    case 'kube-proxy':
    case 'sysctl-daemonset':
    case 'node-dns':
      return [EVERY_NODE];
    case 'pod-sysctl':
      return protocol.topology.pods[change.pods]?.nodes ?? [];
    case 'event':
      return nodesOf(change.change, protocol);
    case 'resolver':
      return nodesThatLookUp(protocol);
    case 'record-ttl':
    case 'coredns-forward':
      return nodesOfDns(protocol);
    case 'buckets':
      throw new Error('nf_conntrack_buckets is the machine’s: only root can change it');
    case 'nginx':
      throw new Error(`the lab kind can’t make the change ${change.kind} yet`);
  }
}

/** The nodes on which pods look names up. */
export function nodesThatLookUp(protocol: Protocol): readonly string[] {
  const sets = setsThatLookUp(protocol);
  const nodes = sets.flatMap((set) => protocol.topology.pods[set]?.nodes ?? []);
  return [...new Set(nodes)];
}

/** The nodes on which the cluster's DNS has pods. */
export function nodesOfDns({ topology }: Protocol): readonly string[] {
  return topology.pods[dnsService(topology)?.set ?? '']?.nodes ?? [];
}
