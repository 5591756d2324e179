import {
  NODE_DNS,
  NODE_NETWORK,
  POD_NETWORK,
  SERVICE_NETWORK,
  type Network,
  type Pod,
  type Service,
} from './addresses.ts';

/** Marks the demand's entries: clearing a table deletes them. */
export const DEMAND_MARK = 0x7ab0;
/** Marks the canaries' connections, which outlive a clearing. */
export const KEEP_MARK = 0x7ab1;
/** Under this mask the demand's mark finds the canaries' entries too. */
export const EITHER_MARK = ~(DEMAND_MARK ^ KEEP_MARK) >>> 0;
/** Marks what fills a table. */
export const BALLAST_MARK = 0x7ab2;
/** Where what fills a table comes from and goes to (RFC 2544's benchmarking network); nothing else uses it. */
export const BALLAST_NETWORK = '198.18.0.0/15';

/** kube-proxy's mark for what is to be masqueraded (pkg/proxy/nftables/proxier.go: masqueradeBit 14). */
const MASQUERADE = '0x4000';

/** What each packet counter counts; the same on every node. `packets.` stands before it in figures. */
export const PACKET_COUNTERS = [
  'offered',
  'passed',
  'forwarded',
  'entered',
  'invalid',
  'untranslated',
  'rst',
  'escaped',
] as const;

/**
 * The rules of one node, for `nft -f -`: the service NAT that kube-proxy's nftables mode programs, and counters.
 *
 * As there: a verdict map from address and port to the service's chain, a random endpoint, DNAT; masquerade for
 * traffic to a service from outside the pod network, and for an endpoint that reaches itself. kube-proxy's
 * nftables mode has no rule that drops INVALID packets (since 1.30), so there is none.
 *
 * @param kept addresses of pods whose connections are marked as held
 */
export function nodeRules(network: Network, kept: readonly string[]): string {
  const services = network.services.filter(({ headless }) => !headless);
  return [serviceTable(services), counterTable(kept)].join('\n');
}

/**
 * What turns the chains of `service` into those of other endpoints, in one transaction, as kube-proxy's next sync
 * does. Entries that exist were translated once and stay so: NAT rules see the first packet of a connection only.
 */
export function endpointRules(service: Service, endpoints: readonly Pod[]): string {
  const chains = protocols(service).flatMap((protocol) => {
    const chain = chainOf(service, protocol);
    const old = service.endpoints.map((_, i) => `${chain}-${String(i)}`);
    return [
      `flush chain ip kube-proxy ${chain}`,
      ...old.flatMap((name) => [`flush chain ip kube-proxy ${name}`, `delete chain ip kube-proxy ${name}`]),
      `table ip kube-proxy {\n${serviceChain({ ...service, endpoints }, protocol)}\n}`,
    ];
  });
  return `${chains.join('\n')}\n`;
}

/** Where the rules of a service lead to, each address once: of the text of the table, as `nft list` gives it. */
export function endpointsIn(ruleset: string, service: Service): readonly string[] {
  const chains = protocols(service).map((protocol) => chainOf(service, protocol));
  const found = ruleset.matchAll(
    new RegExp(`chain (?:${chains.join('|')})-\\d+ \\{[^}]*dnat to ([\\d.]+):`, 'g'),
  );
  return [...new Set([...found].map(([, ip = '']) => ip))].sort();
}

function serviceTable(services: readonly Service[]): string {
  const ports = services.flatMap((service) =>
    protocols(service).map((protocol) => ({ service, protocol, chain: chainOf(service, protocol) })),
  );
  const entries = ports.map(
    ({ service, protocol, chain }) => `${service.ip} . ${protocol} . ${String(service.port)} : goto ${chain}`,
  );
  const chains = ports.map(({ service, protocol }) => serviceChain(service, protocol));
  return `
table ip kube-proxy {
${chains.join('\n')}
  map service-ips {
    type ipv4_addr . inet_proto . inet_service : verdict
    ${entries.length > 0 ? `elements = { ${entries.join(', ')} }` : ''}
  }
  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
  chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
  chain nat-output { type nat hook output priority -100; jump services; }
  chain nat-postrouting {
    type nat hook postrouting priority srcnat;
    meta mark & ${MASQUERADE} == 0 return
    meta mark set meta mark ^ ${MASQUERADE}
    masquerade fully-random
  }
}`;
}

function serviceChain(service: Service, protocol: string): string {
  const chain = chainOf(service, protocol);
  const target = String(service.targetPort);
  const endpoints = service.endpoints.map(
    (pod, i) => `  chain ${chain}-${String(i)} {
    ip saddr ${pod.ip} meta mark set meta mark | ${MASQUERADE}
    meta l4proto ${protocol} dnat to ${pod.ip}:${target}
  }`,
  );
  const choice = service.endpoints.map((_, i) => `${String(i)} : goto ${chain}-${String(i)}`).join(', ');
  return `${endpoints.join('\n')}
  chain ${chain} {
    ip daddr ${service.ip} ip saddr != ${POD_NETWORK} meta mark set meta mark | ${MASQUERADE}
    numgen random mod ${String(service.endpoints.length)} vmap { ${choice} }
  }`;
}

function chainOf({ name }: Service, protocol: string): string {
  return `svc-${name}-${protocol}`;
}

/** By IP's name of it; what a service is reached by. */
export function protocols({ app }: Service): readonly ('tcp' | 'udp')[] {
  if (app === 'dns') return ['udp', 'tcp'];
  return app === 'udp-echo' ? ['udp'] : ['tcp'];
}

/**
 * Each counter stands before conntrack (behind priority raw, where NOTRACK is said) or after it (mangle): a full table drops in between.
 * `offered` and `passed` count the packets that may ask for an entry: a SYN, or any UDP datagram, from a pod or
 * from the node itself, whose own packets pass the output hook.
 * What is not to be tracked asks for none, so each chain leaves it alone.
 * `forwarded` counts those of them that the node's routing let through.
 * `entered` counts entries: the first packet of each finds no mark on it yet.
 */
function counterTable(kept: readonly string[]): string {
  const asks = ['tcp flags & (fin | syn | rst | ack) == syn', 'meta l4proto udp'];
  const inside = `{ ${POD_NETWORK}, ${SERVICE_NETWORK}, ${NODE_NETWORK}, ${BALLAST_NETWORK}, ${NODE_DNS} }`;
  const ballast = `ip saddr ${BALLAST_NETWORK} ct mark set ${String(BALLAST_MARK)}`;
  const enter = `ct mark 0 ct mark set ${String(DEMAND_MARK)} counter name entered`;
  const keep = kept.length > 0 ? `ip saddr { ${kept.join(', ')} } ct mark set ${String(KEEP_MARK)}` : '';
  return `
table ip tablefull {
${PACKET_COUNTERS.map((name) => `  counter ${name} { }`).join('\n')}
  chain before-conntrack {
    type filter hook prerouting priority raw + 10;
    iifname "pod*" ip daddr != ${inside} counter name escaped
    iifname "pod*" tcp flags & rst == rst ip daddr ${POD_NETWORK} counter name rst
    ct state untracked return
${asks.map((match) => `    iifname "pod*" ${match} counter name offered`).join('\n')}
  }
  chain after-conntrack {
    type filter hook prerouting priority mangle;
    ct state untracked return
    ct state invalid counter name invalid
${asks.map((match) => `    iifname "pod*" ${match} counter name passed`).join('\n')}
    ${ballast}
    ${keep}
    iifname "pod*" ${enter}
  }
  chain from-node-before-conntrack {
    type filter hook output priority raw + 10;
    oifname "lo" return
    ip daddr != ${inside} counter name escaped
    ct state untracked return
${asks.map((match) => `    ${match} counter name offered`).join('\n')}
  }
  chain from-node-after-conntrack {
    type filter hook output priority mangle;
    oifname "lo" return
    ct state untracked return
${asks.map((match) => `    ${match} counter name passed`).join('\n')}
    ct direction original ${enter}
  }
  chain after-routing {
    type filter hook forward priority mangle;
${asks.map((match) => `    iifname "pod*" ${match} counter name forwarded`).join('\n')}
  }
  chain to-pods {
    type filter hook postrouting priority mangle;
    oifname "pod*" ct state invalid counter name untranslated
  }
}`;
}
