import { setTimeout as delay } from 'node:timers/promises';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { MS_BIND, mount } from '../../../kernel/libc.ts';
import { udpSocket, tcpListener } from '../../../kernel/socket.ts';
import { DnsApp } from '../../../server/dns-server.ts';
import type { Change } from '../../../change/index.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import type { AgentEnvironment } from '../../../agent/agent-environment.ts';
import type { Network, Pod } from '../../../agent/network.ts';
import { targetPortOf } from '../../../server/apps.ts';
import { counterTable } from '../../../agent/packet-rules.ts';
import { NetHosts } from '../../../agent/hosts.ts';
import type { Trace } from '../../../host/traced.ts';
import type { Servers } from '../../../agent/servers.ts';
import { laterPods, ServiceEndpoints } from '../../../agent/service-endpoints.ts';
import { Namespaces } from '../../../agent/namespaces.ts';
import type { Found } from '../agent-rpc.ts';
import { FORWARD_LINE, TTL_LINE } from '../corefile.ts';
import { dnsService, OUTSIDE, setsThatLookUp } from '../dns-config.ts';
import { metricsRules, queriesAt } from './dns-metrics.ts';
import { FoundCache } from './found-cache.ts';
import { FoundCorefile } from './found-corefile.ts';
import { foundRouting } from './found-routing.ts';
import { podNamespaces } from './pod-namespaces.ts';
import { eventsOn } from '../layout.ts';
import { setsOf } from '../placement.ts';
import { ownKubeProxy } from './programmed.ts';
import { reachable } from './reachable.ts';
import { WrittenFiles } from './written-files.ts';

const OWN_SPACE = '/proc/self/ns/net';
/** Folder for `ip -netns` and Namespaces, as in the embedded lab. */
const NAMED = '/run/netns';

/** TTL of the stand-in's answers, s; the embedded lab's. */
const OUTSIDE_TTL = 30;

const routesSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }));

/** Called before each change to the node. */
export interface Notes {
  readonly sysctl: (name: string, value: string) => void;
  readonly link: (name: string) => void;
  readonly change: (change: Change) => void;
}

/** The environment of an agent, with the parts that the harness's extra requests need. */
export interface FoundEnvironment extends AgentEnvironment {
  readonly resolver: WrittenFiles | undefined;
  readonly cache: FoundCache;
  readonly dnsPods: FoundCorefile | undefined;
}

/**
 * Sets up the lab on this node: namespaces under the scenario's pod names, and rules that count packets.
 *
 * @param note called before each change to the node
 * @throws Error naming a pod of this node without a network namespace or veth
 */
export async function foundEnvironment(
  found: Found,
  protocol: Protocol,
  note: Notes,
  trace: Trace,
): Promise<FoundEnvironment> {
  const links = await linksByAddress();
  const network = networkOf(found, protocol, links);
  const own = network.pods.filter(({ node }) => node === found.own);
  const byAddress = podNamespaces();
  mountNamespaces(
    found.own,
    own.filter(({ link }) => link !== undefined),
    byAddress,
  );
  for (const [path, text] of Object.entries(found.files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const namespaces = new Namespaces(network);
  const node = namespaces.get(found.own);
  const hosts = new NetHosts(namespaces, trace);
  const host = hosts.get(found.own);
  for (const [name, value] of Object.entries(protocol.sysctls)) {
    note.sysctl(name, String(value));
    host.writeSysctl(name, String(value));
  }
  await host.nft(rules(found, protocol, own));
  const looking = own.find(({ set }) => setsThatLookUp(protocol).includes(set));
  const resolver = looking && new WrittenFiles(byAddress.get(looking.ip) ?? '');
  const cache = new FoundCache(node, host, resolver, note.link);
  const dns = network.pods
    .filter(({ set }) => set === dnsService(protocol.topology)?.set)
    .map(({ ip }) => ip);
  const corefile = dns.length > 0 ? new FoundCorefile(node, dns) : undefined;
  if (corefile !== undefined) await host.nft(metricsRules(found.podNetwork));
  const outside = standInForOutside(own, namespaces);
  const routing = foundRouting(found.own, found.domain);
  return {
    network,
    namespaces,
    hosts,
    own: [found.own],
    domain: found.domain,
    nameserver: found.nameserver,
    resolver,
    endpoints: (servers) =>
      new ServiceEndpoints(network, hosts, withoutDns(servers), routing, laterPods(protocol), delay),
    byLab: () => ({
      'kube-proxy': ({ set }) => ownKubeProxy.restarted(set),
      ...(corefile && {
        'record-ttl': () => corefile.apply(TTL_LINE),
        'coredns-forward': () => corefile.apply(FORWARD_LINE),
      }),
    }),
    events: eventsOn(found.own, protocol),
    cache,
    kubeProxy: ownKubeProxy,
    dnsPods: corefile,
    beforeChange: note.change,
    totals: async () => ({
      // Counted once, by the agent of the node under test.
      ...(corefile && found.own === protocol.node && { queries: await queriesAt(corefile.ips) }),
      ...(outside && { 'outside.udp': outside.over.udp, 'outside.tcp': outside.over.tcp }),
      ...(await cache.totals()),
    }),
    // Canaries and lookups rely on it.
    reachable: async () => {
      if (protocol.canaries !== undefined || dns.length > 0) await reachable(network, node);
    },
  };
}

/** CoreDNS itself is in the pods of the cluster's DNS. */
function withoutDns(servers: Pick<Servers, 'serve'>): Pick<Servers, 'serve'> {
  return {
    serve: (service, pods) => {
      if (service.app !== 'dns') servers.serve(service, pods);
    },
  };
}

/** The upstream of the cluster's DNS: nothing is asked of servers outside. */
function standInForOutside(own: readonly Pod[], namespaces: Namespaces): DnsApp | undefined {
  const pod = own.find(({ set }) => set === OUTSIDE);
  if (pod === undefined) return undefined;
  const space = namespaces.get(pod.name);
  const port = targetPortOf({ app: 'dns' });
  const zones = { cluster: () => [], ttl: () => OUTSIDE_TTL };
  return new DnsApp(zones, udpSocket(space, pod.ip, port), tcpListener(space, pod.ip, port));
}

/** @throws Error naming a pod of this node that has no veth and is not on the node's network */
function networkOf(found: Found, { topology }: Protocol, links: ReadonlyMap<string, string>): Network {
  const hosts = found.nodes.map(({ ip }) => ip);
  const pods = found.pods.map((pod): Pod => {
    const link = links.get(pod.ip);
    if (link === undefined && pod.node === found.own && !hosts.includes(pod.ip))
      throw new Error(`${pod.name} (${pod.ip}) has no route on ${found.own}`);
    return { ...pod, link };
  });
  const services = Object.entries(topology.services).map(
    ([name, { pods: set, port, app, headless, calls, delay, targetPort }]) => ({
      name,
      ip: found.services[name] ?? 'None',
      port,
      targetPort: targetPortOf({ app, targetPort }),
      app,
      ...(app === 'apiserver' && { tls: true }),
      headless,
      endpoints: pods.filter((pod) => pod.set === set),
      calls,
      delay,
    }),
  );
  return { nodes: found.nodes, pods, services };
}

/** The node's end of each pod's veth, by the pod's address, from the routes. */
async function linksByAddress(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await execa('ip', ['-j', 'route', 'show']);
  return new Map(
    routesSchema.parse(JSON.parse(stdout)).flatMap(({ dst, dev }) => (dev === undefined ? [] : [[dst, dev]])),
  );
}

/** Mounts the namespaces of the node and these pods under their names. */
function mountNamespaces(node: string, pods: readonly Pod[], byAddress: ReadonlyMap<string, string>): void {
  mkdirSync(NAMED, { recursive: true });
  const name = (path: string, as: string): void => {
    closeSync(openSync(`${NAMED}/${as}`, 'w'));
    mount(path, `${NAMED}/${as}`, '', MS_BIND);
  };
  name(OWN_SPACE, node);
  for (const pod of pods) {
    const path = byAddress.get(pod.ip);
    if (path === undefined) throw new Error(`${pod.name} (${pod.ip}) has no network namespace on ${node}`);
    name(path, pod.name);
  }
}

function rules(found: Found, { canaries, topology }: Protocol, own: readonly Pod[]): string {
  // Pods on the node's network look like the kubelet. Nearly all new connections to the API server are
  // theirs.
  const tested = setsOf({ topology }, 'apiserver').length > 0;
  const hosted = own.some(({ link }) => link === undefined) && tested;
  // Only the run's own pods, whatever address they use: the node has others.
  const links = own.flatMap(({ link }) => (link === undefined ? [] : [`"${link}"`]));
  const veths = `{ ${links.join(', ')} }`;
  return counterTable({
    fromPods: links.length > 0 ? `iifname ${veths}` : 'ip saddr 0.0.0.0',
    toPods: links.length > 0 ? `oifname ${veths}` : 'ip daddr 0.0.0.0',
    inside: [
      found.podNetwork,
      found.apiServer,
      ...Object.values(found.services).filter((ip) => ip !== 'None'),
      ...found.nodes.map(({ ip }) => ip),
    ],
    podNetwork: found.podNetwork,
    ...(hosted && {
      fromNode: {
        matching: `ct state new tcp dport ${String(targetPortOf({ app: 'apiserver' }))}`,
        all: false,
      },
    }),
    kept: own.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip),
    ...(!tested && { aside: [found.apiServer] }),
  });
}
