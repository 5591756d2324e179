import { namesOf } from '../change/index.ts';
import { changesIn } from './changes-in.ts';
import type { Problem } from './explain-issue.ts';
import { kindOf } from '../load/index.ts';
import { loadsIn, type Protocol } from '../schema/protocol.ts';
import { protocols, targetPortOf } from '../server/apps.ts';

/** Problems of pods on their node's network (`hostNetwork`), which no lab supports. */
export function hostNetworkProblems(protocol: Protocol): readonly Problem[] {
  const hosted = new Set(
    Object.entries(protocol.topology.pods).flatMap(([set, { hostNetwork }]) => (hostNetwork ? [set] : [])),
  );
  if (hosted.size === 0) return [];
  return [
    ...alone(protocol, 'asymmetric', 'no interface of its own'),
    ...alone(protocol, 'ownTable', 'no table of its own'),
    ...loads(protocol, hosted),
    ...canaries(protocol, hosted),
    ...ports(protocol, hosted),
    ...changes(protocol, hosted),
  ];
}

const OWN_NETWORK = 'use pods without hostNetwork';

/** @param lacks what a pod on its node's network lacks for this setting */
function alone(
  { topology }: Protocol,
  setting: 'asymmetric' | 'ownTable',
  lacks: string,
): readonly Problem[] {
  return Object.entries(topology.pods).flatMap(([set, { hostNetwork, [setting]: wanted }]) =>
    hostNetwork === true && wanted === true
      ? [
          {
            place: `topology.pods.${set}.${setting}`,
            why: `a pod on its node’s network has ${lacks}; leave out one of hostNetwork and ${setting}`,
          },
        ]
      : [],
  );
}

/** These loads forge packets from addresses that are routed to the pod. */
function loads(protocol: Protocol, hosted: ReadonlySet<string>): readonly Problem[] {
  const { services } = protocol.topology;
  return loadsIn(protocol).flatMap(([place, load]) => {
    const { kind, ownAddresses } = kindOf(load);
    const keys: Readonly<Record<string, unknown>> = load;
    return ownAddresses
      .map((key) => {
        const name = String(keys[key]);
        return { key, set: key === 'service' ? (services[name]?.pods ?? '') : name };
      })
      .filter(({ set }) => hosted.has(set))
      .map(({ key, set }) => ({
        place: `${place}.${key}`,
        why: `a ${kind} needs addresses that are routed to pods, but ${set} has only its node’s; ${OWN_NETWORK}`,
      }));
  });
}

/** Canaries' entries are kept between phases by their pods' addresses. */
function canaries({ canaries: kept }: Protocol, hosted: ReadonlySet<string>): readonly Problem[] {
  return kept !== undefined && hosted.has(kept.pods)
    ? [
        {
          place: 'canaries.pods',
          why: `canaries are identified by their pods’ addresses, but ${kept.pods} has its node’s; ${OWN_NETWORK}`,
        },
      ]
    : [];
}

/** Servers on one network need different ports of each transport protocol. */
function ports({ topology }: Protocol, hosted: ReadonlySet<string>): readonly Problem[] {
  const taken = new Map<string, string>();
  return Object.entries(topology.services).flatMap(([name, service]) => {
    const { pods: set } = service;
    const pods = topology.pods[set];
    if (!hosted.has(set) || pods === undefined) return [];
    const place = `topology.services.${name}.pods`;
    if (pods.replicas > 1)
      return [
        {
          place,
          why: `the ${String(pods.replicas)} replicas of ${set} share a node’s network, where only one can listen; use 1 replica per node`,
        },
      ];
    const port = String(targetPortOf(service));
    return pods.nodes.flatMap((node) => {
      const ends = protocols(service).map((protocol) => `${node} ${protocol} ${port}`);
      const before = ends.map((end) => taken.get(end)).find((owner) => owner !== undefined);
      for (const end of ends) taken.set(end, name);
      return before === undefined
        ? []
        : [
            {
              place,
              why: `${before} listens on port ${port} of ${node} already; use other pods, or another targetPort`,
            },
          ];
    });
  });
}

function changes(protocol: Protocol, hosted: ReadonlySet<string>): readonly Problem[] {
  const { topology } = protocol;
  return changesIn(protocol).flatMap(({ place, change: made }) => {
    if ((made.kind === 'pod-sysctl' || made.kind === 'pod-nft') && hosted.has(made.pods)) {
      const [what, kind] = made.kind === 'pod-nft' ? ['rules', 'nft'] : ['sysctls', 'sysctl'];
      return [
        {
          place: `${place}.pods`,
          why: `${made.pods} shares its node’s ${what}; set those with kind: ${kind}`,
        },
      ];
    }
    const before = topology.services[namesOf(made).service ?? '']?.pods;
    return before !== undefined && hosted.has(before)
      ? [
          {
            place: `${place}.service`,
            why: `the replaced pods must go, but ${before} stays with its node’s network; ${OWN_NETWORK}`,
          },
        ]
      : [];
  });
}
