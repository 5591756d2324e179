import { apiPart, EVERY_NODE, nodesOf, type Layout } from '../../change/index.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { dnsService, setsThatLookUp } from './dns-config.ts';

/** The parts of a cluster that decide which nodes a change applies to. */
export function layoutOf(protocol: Protocol): Layout {
  const { topology, node } = protocol;
  const ofPods = (set: string): readonly string[] => topology.pods[set]?.nodes ?? [];
  return {
    underTest: node,
    ofPods,
    lookingUp: [...new Set(setsThatLookUp(protocol).flatMap(ofPods))],
    ofDns: ofPods(dnsService(topology)?.set ?? ''),
  };
}

/** The scheduled changes that the agent of a node makes: those of its pods, but for what involves the API server. */
export function eventsOn(node: string, protocol: Protocol): Protocol['events'] {
  const layout = layoutOf(protocol);
  return protocol.events.filter(({ change }) => {
    const nodes = nodesOf(change, layout);
    return apiPart(change) === undefined && (nodes.includes(EVERY_NODE) || nodes.includes(node));
  });
}
