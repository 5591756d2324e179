import type { Table } from '../../kernel/counters.ts';
import type { SqueezeReport } from '../../run/history.ts';
import type { CallSettings } from '../../load/http-app.ts';
import type { Nginx } from '../../load/nginx.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Squeeze } from '../../scenario/squeeze.ts';
import type { Network } from './addresses.ts';
import { Ballast } from './ballast.ts';
import { Ballasts } from './ballasts.ts';
import type { Target } from './changes.ts';
import type { Endpoints } from './endpoints.ts';
import { PacketPathFill } from './fill.ts';
import { NodeDns } from './node-dns.ts';
import { ResolverFiles } from './resolv.ts';
import type { Spaces } from './spaces.ts';

/** What the changes of a lab act on, before any is made. */
export function targetOf(lab: {
  readonly protocol: Protocol;
  readonly squeeze: Squeeze;
  readonly network: Network;
  readonly spaces: Spaces;
  readonly endpoints: Endpoints;
  readonly calls: CallSettings;
  readonly proxies: readonly Nginx[];
  readonly table: (node: string) => Table;
  readonly onSqueeze: (report: SqueezeReport) => void;
}): Target {
  const { protocol, squeeze, network, spaces, onSqueeze } = lab;
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
  const resolver = topology.resolver && new ResolverFiles(topology.resolver);
  return {
    nodes: network.nodes,
    pods: network.pods,
    spaces,
    endpoints: lab.endpoints,
    calls: lab.calls,
    proxies: lab.proxies,
    resolver,
    nodeDns: new NodeDns(network.nodes, spaces, resolver),
    ballasts: new Ballasts(node, ballastOf),
    loads: { ...background, demand },
    recordTtl: topology.recordTtl,
  };
}
