import type { Change } from '../../scenario/change.ts';
import type { Protocol } from '../../scenario/protocol.ts';

const NOT_YET = 'is not to be had in the lab kind yet';

/** Changes that an agent makes on its node or in its pods, and those of the machine's limit. */
const CHANGES: readonly Change['kind'][] = [
  'sysctl',
  'pod-sysctl',
  'limit',
  'buckets',
  'nft',
  'load',
  'calls',
  'squeeze',
  'flush',
  'invalid-rule',
  'conntrack-delete',
  'endpoints',
  'command',
  'kube-proxy',
  'sysctl-daemonset',
  'resolver',
  'node-dns',
  'record-ttl',
  'coredns-forward',
];
const APPS: readonly string[] = [
  'http',
  'apiserver',
  'echo',
  'udp-echo',
  'boom-server',
  'boom-pod',
  'stateless',
  'dns',
];

/** What of a scenario, or which change, has no counterpart in a cluster in this version. */
export function cannot(what: Protocol | Change): string | undefined {
  return 'kind' in what ? cannotMake(what) : cannotShow(what);
}

function cannotMake(change: Change): string | undefined {
  if (change.kind === 'event')
    return change.change.kind === 'sysctl-daemonset'
      ? 'a DaemonSet is not made in the middle of a phase'
      : cannotMake(change.change);
  return CHANGES.includes(change.kind) ? undefined : `the change ${change.kind} ${NOT_YET}`;
}

function cannotShow({ topology, prepare, fault, events, demand }: Protocol): string | undefined {
  const app = Object.values(topology.services).find((service) => !APPS.includes(service.app))?.app;
  if (app !== undefined) return `a service of the app ${app} ${NOT_YET}`;
  if (Object.values(topology.pods).some(({ asymmetric }) => asymmetric))
    return `a pod with two cables ${NOT_YET}`;
  if (demand.kind === 'settings' && demand.kubeProxy !== 'running')
    return 'a kube-proxy of the scenario’s own has no place in the lab kind, where one runs on each node';
  const changes = [...prepare, fault, ...events.map(({ change }) => change)];
  return changes.map(cannotMake).find((reason) => reason !== undefined);
}
