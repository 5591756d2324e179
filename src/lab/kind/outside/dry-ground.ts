import { EVERY_NODE, type ChangeOf } from '../../../schema/change.ts';
import { NODE_DNS } from '../../../agent/network.ts';
import { definitionOf } from '../../../agent/spare-addresses.ts';
import { DROP_NOTRACK_RULES, LINK_LINES, NOTRACK_RULES } from '../../../agent/node-dns-parts.ts';
import { at, here, type DryGround, type OwnChange, type Steps } from '../../dry-steps.ts';
import type { LabOptions } from '../../lab.ts';
import { cacheCorefile } from '../corefile.ts';
import { nodesOfDns, nodesThatLookUp } from './changes/concerned.ts';
import { workedNodes } from '../placement.ts';
import { sysctlLines } from './changes/sysctl-daemonset.ts';

/** Stands for the namespace of a run, which has a name of its own. */
export const NAMESPACE = 'tablefull-RUN';

/** What of a dry run a cluster makes in its own way: through its API server, then on its nodes. */
export class KindGround implements DryGround {
  readonly #options: LabOptions;

  constructor(options: LabOptions) {
    this.#options = options;
  }

  nodes(node: string): string {
    return node === EVERY_NODE ? workedNodes(this.#options.protocol.topology).join(' ') : node;
  }

  pods(set: string): string {
    return set;
  }

  /** Which addresses a node has is known once there is a cluster. */
  definitions(rules: readonly string[]): string {
    return definitionOf(rules, 'FOUND');
  }

  own(change: OwnChange): Steps {
    const { protocol } = this.#options;
    const { recordTtl } = protocol.topology;
    switch (change.kind) {
      case 'resolver': {
        const where = nodesThatLookUp(protocol).join(' ');
        return at(
          where,
          `what the kubelet writes for a pod with dnsConfig options ${change.options.join(' ')}, bound over every pod’s /etc/resolv.conf`,
          'what it had written, bound again',
        );
      }
      case 'node-dns':
        return this.#nodeDns(change);
      case 'endpoints':
        return this.#endpoints(change);
      case 'invalid-rule':
        return at(
          this.nodes(change.node),
          'iptables -I FORWARD -m conntrack --ctstate INVALID -j ACCEPT, where kube-proxy has a rule against them',
          'iptables -D FORWARD -m conntrack --ctstate INVALID -j ACCEPT',
        );
      case 'kube-proxy':
        return this.#kubeProxy(change);
      case 'sysctl-daemonset':
        return {
          apply: [
            `[cluster] ${kubectl(here('apply -f - # a DaemonSet', sysctlLines(change.sysctls).join('\n')))}`,
          ],
          undo: [
            `[cluster] ${kubectl('delete daemonset sysctl-daemonset')}`,
            ...Object.keys(change.sysctls).map(
              (name) => `[${this.nodes(EVERY_NODE)}] sysctl -w ${name}=FOUND`,
            ),
          ],
        };
      case 'coredns-forward':
        return this.#corefile(`forward . FOUND { ${change.options.join('; ')} }`);
      case 'record-ttl':
        return this.#corefile(`ttl ${String(change.seconds)} instead of ${String(recordTtl)}`);
      case 'nginx':
        throw new Error('the lab kind has no nginx: use --lab netns');
    }
  }

  #nodeDns({ notrack }: ChangeOf<'node-dns'>): Steps {
    const nodes = this.nodes(EVERY_NODE);
    const ip = (lines: readonly string[]): string[] => lines.map((line) => `[${nodes}] ip ${line}`);
    const rules = (text: string): string[] => (notrack ? [`[${nodes}] ${here('nft -f -', text)}`] : []);
    return {
      apply: [
        ...ip(LINK_LINES.up),
        `[cluster] ${kubectl(here('apply -f - # a CoreDNS on every node’s network', cacheCorefile('KUBE-DNS')))}`,
        ...rules(NOTRACK_RULES),
        `[${nodes}] nameserver ${NODE_DNS} in every pod’s /etc/resolv.conf`,
      ],
      undo: [
        `[${nodes}] the nameserver as it was`,
        ...rules(DROP_NOTRACK_RULES),
        `[cluster] ${kubectl('delete pods -l tablefull.lab/side=node-cache')}`,
        ...ip(LINK_LINES.down),
      ],
    };
  }

  #endpoints({ service, pods, grace }: ChangeOf<'endpoints'>): Steps {
    const { services, pods: sets } = this.#options.protocol.topology;
    const before = services[service]?.pods ?? '';
    const select = (set: string): string =>
      `[cluster] ${kubectl(`patch service ${service} -p '{"spec":{"selector":{"tablefull.lab/set":"${set}"}}}'`)}, then wait for every node’s kube-proxy`;
    const leaving = before === pods ? [] : (sets[before]?.nodes ?? []);
    const lines = (line: string): string[] =>
      leaving.map((node) => `[${node}] ${line}, for each pod of ${before}`);
    return {
      apply: [select(pods), ...lines(`${String(grace)} s later: ip route replace blackhole IP/32`)],
      undo: [...lines('ip route replace IP/32 dev LINK'), select(before)],
    };
  }

  #kubeProxy({ set }: ChangeOf<'kube-proxy'>): Steps {
    const restart = `[cluster] kubectl -n kube-system delete pods -l k8s-app=kube-proxy, on ${this.nodes(EVERY_NODE)}`;
    const write = (what: string): string =>
      `[cluster] kubectl -n kube-system edit configmap kube-proxy: ${what}`;
    return Object.keys(set).length === 0
      ? { apply: [restart], undo: [] }
      : { apply: [write(JSON.stringify(set)), restart], undo: [write('as FOUND'), restart] };
  }

  /** Other pods of CoreDNS take the place of those that were. */
  #corefile(line: string): Steps {
    const where = nodesOfDns(this.#options.protocol).join(' ');
    return {
      apply: [
        `[cluster] a ConfigMap with ${line}, and CoreDNS with it on ${where}; the service selects them`,
      ],
      undo: [
        '[cluster] the service selects the pods that it had selected',
        `[cluster] ${kubectl('delete pods -l tablefull.lab/side')}`,
      ],
    };
  }
}

/** A command on the run’s own namespace. */
export function kubectl(words: string): string {
  return `kubectl -n ${NAMESPACE} ${words}`;
}
