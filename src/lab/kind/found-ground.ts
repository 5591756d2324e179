import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { MS_BIND, mount } from '../../kernel/libc.ts';
import { NetNamespace } from '../../kernel/netns.ts';
import { nft } from '../../kernel/nft.ts';
import { writeSysctl } from '../../kernel/sysctl.ts';
import type { Protocol } from '../../scenario/protocol.ts';
import type { Ground } from '../agent/ground.ts';
import { TARGET_PORTS, type Network, type Pod } from '../agent/network.ts';
import { counterTable } from '../agent/packet-rules.ts';
import { Spaces } from '../agent/spaces.ts';
import type { Found } from './agent-rpc.ts';
import { apiServerSets } from './placement.ts';
import { FoundEndpoints, repointsOf } from './found-endpoints.ts';
import { ownKubeProxy } from './programmed.ts';
import { reachable } from './reachable.ts';

/** Where the container runtime keeps the namespaces of a node's pods, as the node's first process sees it. */
const POD_SPACES = '/proc/1/root/run/netns';
const OWN_SPACE = '/proc/self/ns/net';
/** By name, for `ip -netns` and for Spaces, as in the embedded lab. */
const NAMED = '/run/netns';

const routesSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }));

/**
 * The lab as this node has it: namespaces named as the scenario names its pods, the rules that count packets.
 *
 * @param noteSysctl told before a sysctl of the node is set
 * @throws Error naming a pod of this node's that has no network namespace, or no cable
 */
export async function foundGround(
  found: Found,
  protocol: Protocol,
  noteSysctl: (name: string, value: string) => void,
): Promise<Ground> {
  const links = await linksByAddress();
  const network = networkOf(found, protocol, links);
  const own = network.pods.filter(({ node }) => node === found.own);
  nameSpaces(
    found.own,
    own.filter(({ link }) => link !== undefined),
  );
  for (const [path, text] of Object.entries(found.files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const spaces = new Spaces(network);
  for (const [name, value] of Object.entries(protocol.sysctls)) {
    noteSysctl(name, String(value));
    spaces.get(found.own).within(() => writeSysctl(name, String(value)));
  }
  await nft(spaces.get(found.own), rules(found, protocol, own));
  return {
    network,
    spaces,
    own: [found.own],
    nameserver: found.nameserver,
    resolver: undefined,
    endpoints: (servers) => new FoundEndpoints(network, found.own, servers, repointsOf(protocol)),
    nodeDns: {
      totals: () => ({}),
      apply: () => Promise.reject(new Error('a cache on every node is not to be had in this lab')),
    },
    kubeProxy: ownKubeProxy,
    reachable: () => reachable(network, spaces.get(found.own)),
  };
}

/** @throws Error naming a pod of this node's that has no cable, and is not on the node's own network */
function networkOf(found: Found, { topology }: Protocol, links: ReadonlyMap<string, string>): Network {
  const hosts = found.nodes.map(({ ip }) => ip);
  const pods = found.pods.map((pod): Pod => {
    const link = links.get(pod.ip);
    if (link === undefined && pod.node === found.own && !hosts.includes(pod.ip))
      throw new Error(`${pod.name} (${pod.ip}) has no route on ${found.own}`);
    return { ...pod, link };
  });
  const services = Object.entries(topology.services).map(
    ([name, { pods: set, port, app, headless, calls }]) => ({
      name,
      ip: found.services[name] ?? 'None',
      port,
      targetPort: TARGET_PORTS[app],
      app,
      ...(app === 'apiserver' && { tls: true }),
      headless,
      endpoints: pods.filter((pod) => pod.set === set),
      calls,
    }),
  );
  return { nodes: found.nodes, pods, services };
}

/** The node's end of each pod's cable, by the pod's address: it is routed there. */
async function linksByAddress(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await execa('ip', ['-j', 'route', 'show']);
  return new Map(
    routesSchema.parse(JSON.parse(stdout)).flatMap(({ dst, dev }) => (dev === undefined ? [] : [[dst, dev]])),
  );
}

/** Mounts the namespaces of the node and of these pods of it where they are looked for by name. */
function nameSpaces(node: string, pods: readonly Pod[]): void {
  mkdirSync(NAMED, { recursive: true });
  const name = (path: string, as: string): void => {
    closeSync(openSync(`${NAMED}/${as}`, 'w'));
    mount(path, `${NAMED}/${as}`, '', MS_BIND);
  };
  name(OWN_SPACE, node);
  const byAddress = new Map(
    readdirSync(POD_SPACES).flatMap((file) =>
      addressesIn(`${POD_SPACES}/${file}`).map((ip) => [ip, `${POD_SPACES}/${file}`]),
    ),
  );
  for (const pod of pods) {
    const path = byAddress.get(pod.ip);
    if (path === undefined) throw new Error(`${pod.name} (${pod.ip}) has no network namespace on ${node}`);
    name(path, pod.name);
  }
}

/** None where the namespace is on its way out. */
function addressesIn(path: string): readonly string[] {
  try {
    using space = NetNamespace.open(path);
    return Object.values(space.within(() => networkInterfaces())).flatMap(
      (of) => of?.map(({ address }) => address) ?? [],
    );
  } catch {
    return [];
  }
}

function rules(found: Found, { canaries, topology }: Protocol, own: readonly Pod[]): string {
  // Those of pods on its network can't be told from the kubelet's; what they open to the API server, nearly all is theirs.
  const hosted = own.some(({ link }) => link === undefined) && apiServerSets(topology).length > 0;
  // Only the run's own pods, whatever address they use: the node has others, whose connections are none of ours.
  const links = own.flatMap(({ link }) => (link === undefined ? [] : [`"${link}"`]));
  const cables = `{ ${links.join(', ')} }`;
  return counterTable({
    fromPods: links.length > 0 ? `iifname ${cables}` : 'ip saddr 0.0.0.0',
    toPods: links.length > 0 ? `oifname ${cables}` : 'ip daddr 0.0.0.0',
    inside: [
      found.podNetwork,
      ...Object.values(found.services).filter((ip) => ip !== 'None'),
      ...found.nodes.map(({ ip }) => ip),
    ],
    podNetwork: found.podNetwork,
    ...(hosted && {
      fromNode: { matching: `ct state new tcp dport ${String(TARGET_PORTS.apiserver)}`, all: false },
    }),
    kept: own.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip),
  });
}
