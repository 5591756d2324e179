import type { Network, Pod, Service } from '../../../agent/network.ts';
import { protocols } from '../../../server/apps.ts';
import { counterTable } from '../../../agent/packet-rules.ts';
import { NODE_NETWORK, SERVICE_NETWORK } from '../addresses.ts';
import { POD_NETWORK } from '../../../util/address-plan.ts';

/** kube-proxy's mark for packets to masquerade (pkg/proxy/nftables/proxier.go: masqueradeBit 14). */
const MASQUERADE = '0x4000';
/** kube-proxy's map of services without endpoints. */
const EMPTY = 'no-endpoint-services';

/**
 * The rules of one node, for `nft -f -`: the service NAT of kube-proxy's nftables mode, and counters.
 *
 * Like kube-proxy: a verdict map from address and port to the service's chain, a random endpoint, DNAT.
 * Masquerade applies to service traffic from outside the pod network and to endpoints that reach themselves.
 * A service without endpoints is rejected by its address, which a packet of an older entry no longer has.
 * A hostPort is translated on the node whose own address it is, as the CNI plugin portmap does.
 * kube-proxy's nftables mode has no rule that drops INVALID packets (since 1.30).
 *
 * @param kept addresses of pods whose connections are marked as held
 */
export function nodeRules(network: Network, kept: readonly string[]): string {
  const services = network.services.filter(({ headless }) => !headless);
  const counted = {
    fromPods: 'iifname "pod*"',
    toPods: 'oifname "pod*"',
    inside: [POD_NETWORK, SERVICE_NETWORK, NODE_NETWORK],
    podNetwork: POD_NETWORK,
    fromNode: { matching: 'ct direction original', all: true },
    kept,
  };
  return [serviceTable(services), counterTable(counted)].join('\n');
}

/**
 * Rewrites the chains of `service` for other endpoints in one transaction, like kube-proxy's next sync.
 * Existing entries keep their translation: NAT rules see only the first packet of a connection.
 *
 * @param empty what a service without endpoints is to its nodes: one to reject, or not known at all
 */
export function endpointRules(
  service: Service,
  endpoints: readonly Pod[],
  empty: 'rejected' | 'unknown' = 'rejected',
): string {
  const rejects = endpoints.length === 0 && empty === 'rejected';
  const chains = protocols(service).flatMap((protocol) => {
    const chain = chainOf(service, protocol);
    const old = service.endpoints.map((_, i) => `ip kube-proxy ${chain}-${String(i)}`);
    return [
      `flush chain ip kube-proxy ${chain}`,
      // A node that an earlier attempt reached has fewer of them: what is missing is added, to be deleted.
      ...old.flatMap((name) => [`add chain ${name}`, `flush chain ${name}`, `delete chain ${name}`]),
      `table ip kube-proxy {\n${serviceChain({ ...service, endpoints }, protocol)}\n}`,
      // An element that is there may be added again, but one that is not there can't be deleted.
      `add element ip kube-proxy ${rejected(service, protocol)}`,
      ...(rejects ? [] : [`delete element ip kube-proxy ${rejected(service, protocol)}`]),
    ];
  });
  return `${chains.join('\n')}\n`;
}

/** The unique endpoint addresses in a service's rules, from the output of `nft list`. */
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
  const elements = (those: readonly Service[]): string => {
    const lines = ports
      .filter(({ service }) => those.includes(service))
      .map(
        ({ service: { ip, port }, protocol, chain }) =>
          `${ip} . ${protocol} . ${String(port)} : goto ${chain}`,
      );
    return lines.length > 0 ? `elements = { ${lines.join(', ')} }` : '';
  };
  const onHosts = services.filter(({ hostPort }) => hostPort);
  const local = `fib daddr type local ip daddr . meta l4proto . th dport vmap @host-ports;`;
  const chains = ports.map(({ service, protocol }) => serviceChain(service, protocol));
  return `
table ip kube-proxy {
${chains.join('\n')}
  map ${EMPTY} { type ipv4_addr . inet_proto . inet_service : verdict; }
  chain reject-chain { reject; }
  chain endpoints-check { ip daddr . meta l4proto . th dport vmap @${EMPTY}; }
  chain filter-forward { type filter hook forward priority -110; ct state new jump endpoints-check; }
  chain filter-output { type filter hook output priority -110; ct state new jump endpoints-check; }
  map service-ips {
    type ipv4_addr . inet_proto . inet_service : verdict
    ${elements(services.filter((each) => !onHosts.includes(each)))}
  }
  map host-ports {
    type ipv4_addr . inet_proto . inet_service : verdict
    ${elements(onHosts)}
  }
  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; ${onHosts.length > 0 ? local : ''} }
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
  if (endpoints.length === 0) return `  chain ${chain} {\n  }`;
  return `${endpoints.join('\n')}
  chain ${chain} {
    ip daddr ${service.ip} ip saddr != ${POD_NETWORK} meta mark set meta mark | ${MASQUERADE}
    numgen random mod ${String(service.endpoints.length)} vmap { ${choice} }
  }`;
}

/** The element of a service without endpoints. */
function rejected({ ip, port }: Service, protocol: string): string {
  return `${EMPTY} { ${ip} . ${protocol} . ${String(port)} : goto reject-chain }`;
}

function chainOf({ name }: Service, protocol: string): string {
  return `svc-${name}-${protocol}`;
}
