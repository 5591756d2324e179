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
  'resolver',
  'node-dns',
  'record-ttl',
  'coredns-forward',
];
const APPS: readonly string[] = ['http', 'echo', 'udp-echo', 'boom-server', 'stateless', 'dns'];

/** What of a scenario, or which change, has no counterpart in a cluster in this version. */
export function cannot(what: Protocol | Change): string | undefined {
  return 'kind' in what ? cannotMake(what) : cannotShow(what);
}

function cannotMake(change: Change): string | undefined {
  if (change.kind === 'event') return cannotMake(change.change);
  return CHANGES.includes(change.kind) ? undefined : `the change ${change.kind} ${NOT_YET}`;
}

function cannotShow({ topology, prepare, fault, events, demand }: Protocol): string | undefined {
  const app = Object.values(topology.services).find((service) => !APPS.includes(service.app))?.app;
  if (app !== undefined) return `a service of the app ${app} ${NOT_YET}`;
  const special = Object.values(topology.pods).some(
    ({ hostNetwork, asymmetric }) => hostNetwork ?? asymmetric,
  );
  if (special) return `a pod on its node’s network, or with two cables, ${NOT_YET}`;
  if (demand.kind === 'settings' || demand.kind === 'k6')
    return `a demand of the kind ${demand.kind} ${NOT_YET}`;
  const changes = [...prepare, fault, ...events.map(({ change }) => change)];
  const repointed = changes
    .map((change) => (change.kind === 'event' ? change.change : change))
    .flatMap((change) => (change.kind === 'endpoints' ? [topology.services[change.service]] : []));
  // Every other phase finds its connections hanging from the start; why is not known.
  if (repointed.some((service) => service?.headless !== true && service?.app !== 'udp-echo'))
    return `a service of TCP whose endpoints change ${NOT_YET}`;
  return changes.map(cannotMake).find((reason) => reason !== undefined);
}
