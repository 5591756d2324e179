import type { Table } from '../kernel/counters.ts';
import type { SqueezeReport } from '../schema/history.ts';
import type { CallSettings } from '../server/http-app.ts';
import type { Nginx } from '../server/nginx.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Squeeze } from '../schema/squeeze.ts';
import { Ballast } from './ballast.ts';
import { Ballasts } from './ballasts.ts';
import type { Target } from './changes.ts';
import type { Endpoints, Ground } from './ground.ts';
import { PacketPathFill } from './fill.ts';

/** What the changes of a lab act on, before any is made. */
export function targetOf(lab: {
  readonly protocol: Protocol;
  readonly squeeze: Squeeze;
  readonly ground: Ground;
  readonly endpoints: Endpoints;
  readonly calls: CallSettings;
  readonly proxies: readonly Nginx[];
  readonly table: (node: string) => Table;
  readonly onSqueeze: (report: SqueezeReport) => void;
}): Target {
  const { protocol, squeeze, ground, onSqueeze } = lab;
  const { network, spaces, own, resolver, nodeDns, kubeProxy, corefile } = ground;
  const { node, topology, demand, background } = protocol;
  const ballastOf = (name: string): Ballast => {
    const table = lab.table(name);
    const fill = new PacketPathFill(name, network, spaces, table);
    return new Ballast({
      space: spaces.get(name),
      table,
      squeeze,
      onSqueeze,
      fillForReal: (count) => fill.add(count),
    });
  };
  return {
    nodes: own,
    pods: network.pods.filter((pod) => own.includes(pod.node)),
    network,
    spaces,
    endpoints: lab.endpoints,
    calls: lab.calls,
    proxies: lab.proxies,
    resolver,
    nodeDns,
    kubeProxy,
    corefile,
    ballasts: new Ballasts(node, own, ballastOf),
    loads: { ...background, demand },
    recordTtl: topology.recordTtl,
  };
}
