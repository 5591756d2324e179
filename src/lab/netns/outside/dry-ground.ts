import { EVERY_NODE, type ChangeOf } from '../../../schema/change.ts';
import { at, here, type DryGround, type OwnChange, type Steps } from '../../dry-steps.ts';
import type { LabOptions } from '../../lab.ts';
import { NODE_DNS, type Network, type Pod, type Service } from '../../../agent/network.ts';
import { DROP_NOTRACK_RULES, NOTRACK_RULES } from '../../../agent/node-dns-parts.ts';
import { downLines, upLines } from '../../../agent/pod-links.ts';
import { withOptions } from '../../../agent/resolv.ts';
import { definitionsFor } from '../../../agent/spare-addresses.ts';
import { CLUSTER_DNS } from '../addresses.ts';
import { NODE_DNS_LINK } from '../inside/node-dns.ts';
import { endpointRules } from '../inside/rules.ts';

/** What of a dry run the embedded lab makes in its own way. */
export class NetnsGround implements DryGround {
  readonly #options: LabOptions;
  readonly #network: Network;

  constructor(options: LabOptions, network: Network) {
    this.#options = options;
    this.#network = network;
  }

  nodes(node: string): string {
    return node === EVERY_NODE ? this.#network.nodes.map(({ name }) => name).join(' ') : node;
  }

  pods(wanted: string): string {
    const pods = this.#network.pods.filter(({ set }) => set === wanted);
    return pods.map(({ name }) => name).join(' ');
  }

  /** Each node has its own: of several, the first one's stand for all. */
  definitions(rules: readonly string[], node: string): string {
    const [first = node] = this.nodes(node).split(' ');
    return definitionsFor(rules, first, this.#network);
  }

  own(change: OwnChange): Steps {
    const { topology } = this.#options.protocol;
    switch (change.kind) {
      case 'nginx':
        return at(
          Object.values(topology.services)
            .filter(({ app }) => app === 'nginx')
            .map(({ pods }) => pods)
            .join(' '),
          `nginx anew, with keepalive ${String(change.keepalive)} in its upstream`,
          'nginx anew, as it was',
        );
      case 'resolver': {
        const before = topology.resolver?.options ?? [];
        const line = (options: readonly string[]): string =>
          `write the line to /run/pods/resolv.conf: options ${options.join(' ')}`;
        return at('capsule', line(withOptions(before, change.options)), line(before));
      }
      case 'node-dns':
        return this.#nodeDns(change);
      case 'invalid-rule':
        return at(
          this.nodes(change.node),
          'iptables -S KUBE-FORWARD: the lab has no rule against INVALID packets, so none is deleted',
          'nothing',
        );
      case 'endpoints':
        return this.#endpoints(change);
      case 'kube-proxy':
      case 'sysctl-daemonset':
        throw new Error(`the change ${change.kind} takes a cluster: use --lab kind`);
      case 'coredns-forward':
        return at('lab', 'nothing: the DNS of this lab is no CoreDNS', 'nothing');
      case 'record-ttl':
        return at(
          'lab',
          `the DNS answers with a TTL of ${String(change.seconds)} s`,
          `the DNS answers with a TTL of ${String(topology.recordTtl)} s`,
        );
    }
  }

  #endpoints({ service: name, pods: set }: ChangeOf<'endpoints'>): Steps {
    const { services, pods, nodes } = this.#network;
    const service = services.find((each) => each.name === name);
    if (service === undefined) throw new Error(`there is no service ${name}; add it to topology.services`);
    const next = pods.filter((pod) => pod.set === set);
    const everywhere = this.nodes(EVERY_NODE);
    const rules = (from: Service, to: readonly Pod[]): string[] =>
      service.headless
        ? [`[lab] the DNS answers ${to.map(({ ip }) => ip).join(' ')} to ${name}`]
        : [`[${everywhere}] ${here('nft -f -', endpointRules(from, to))}`];
    const links = (lines: (pod: Pod) => string[]): string[] =>
      nodes.flatMap((node) =>
        service.endpoints
          .filter((pod) => pod.node === node.name && !next.includes(pod))
          .flatMap((pod) => lines(pod).map((line) => `[${node.name}] ip ${line}`)),
      );
    return {
      apply: [...rules(service, next), ...links((pod) => downLines(pod))],
      undo: [...links((pod) => upLines(pod)), ...rules({ ...service, endpoints: next }, service.endpoints)],
    };
  }

  #nodeDns({ notrack }: ChangeOf<'node-dns'>): Steps {
    const nodes = this.nodes(EVERY_NODE);
    const ip = (lines: readonly string[]): string[] => lines.map((line) => `[${nodes}] ip ${line}`);
    const rules = (text: string): string[] => (notrack ? [`[${nodes}] ${here('nft -f -', text)}`] : []);
    const pods = (ip: string): string =>
      `[capsule] write the line to /run/pods/resolv.conf: nameserver ${ip}`;
    return {
      apply: [
        ...ip(NODE_DNS_LINK.up),
        ...rules(NOTRACK_RULES),
        `[${nodes}] a caching resolver at ${NODE_DNS}, which asks ${CLUSTER_DNS} over TCP`,
        pods(NODE_DNS),
      ],
      undo: [
        pods(CLUSTER_DNS),
        `[${nodes}] no caching resolver`,
        ...rules(DROP_NOTRACK_RULES),
        ...ip(NODE_DNS_LINK.down),
      ],
    };
  }
}
