import { readSysctl } from '../../kernel/sysctl.ts';
import { shellWord } from '../../run/shell-word.ts';
import { EVERY_NODE, type Change } from '../../scenario/change.ts';
import { squeezedNodes } from '../../scenario/protocol.ts';
import type { LabOptions } from '../lab.ts';
import { NODE_DNS, type Network, type Pod, type Service } from '../agent/network.ts';
import { CLUSTER_DNS } from './addresses.ts';
import { downLines, upLines } from '../agent/pod-links.ts';
import { endpointRules } from './rules.ts';
import { ENTRIES_A_BUCKET } from '../limit-hold.ts';
import { NODE_DNS_LINK } from './node-dns.ts';
import { DROP_NOTRACK_RULES, NOTRACK_RULES } from '../agent/node-dns-parts.ts';
import { withOptions } from '../agent/resolv.ts';

export const MAX = 'net.netfilter.nf_conntrack_max';
const BUCKETS = 'net.netfilter.nf_conntrack_buckets';

/** What is done, and what undoes it: a line each, `[where] command`. */
export interface Steps {
  readonly apply: readonly string[];
  readonly undo: readonly string[];
}
type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** What each change would be, as lines of a dry run. */
export class DrySteps {
  readonly #options: LabOptions;
  readonly #network: Network;
  readonly #resolverOptions: readonly string[];
  /** The machine's limit and buckets, as the changes so far would have left them. */
  readonly #machine = { [MAX]: found(MAX), [BUCKETS]: found(BUCKETS) };

  constructor(options: LabOptions, network: Network) {
    this.#options = options;
    this.#network = network;
    this.#resolverOptions = options.protocol.topology.resolver?.options ?? [];
  }

  of(change: Change): Steps {
    switch (change.kind) {
      case 'sysctl':
        return at(
          nodesOf(this.#network, change.node),
          `sysctl -w ${change.name}=${String(change.value)}`,
          `sysctl -w ${change.name}=FOUND`,
        );
      case 'pod-sysctl':
        return at(
          this.#network.pods
            .filter(({ set }) => set === change.pods)
            .map(({ name }) => name)
            .join(' '),
          `sysctl -w ${change.name}="${change.value}"`,
          `sysctl -w ${change.name}=FOUND`,
        );
      case 'nft': {
        const { type = 'filter' } = change;
        const chain = `chain ${change.hook} { type ${type} hook ${change.hook} priority ${String(change.priority)}; ${change.rules.join('; ')}; }`;
        return at(
          nodesOf(this.#network, change.node),
          here('nft -f -', `table ip tablefull-change { ${chain} }`),
          'nft delete table ip tablefull-change',
        );
      }
      case 'nginx':
        return at(
          Object.values(this.#options.protocol.topology.services)
            .filter(({ app }) => app === 'nginx')
            .map(({ pods }) => pods)
            .join(' '),
          `nginx anew, with keepalive ${String(change.keepalive)} in its upstream`,
          'nginx anew, as it was',
        );
      case 'resolver': {
        const line = (options: readonly string[]): string =>
          `write the line to /run/pods/resolv.conf: options ${options.join(' ')}`;
        return at(
          'capsule',
          line(withOptions(this.#resolverOptions, change.options)),
          line(this.#resolverOptions),
        );
      }
      case 'node-dns':
        return this.#nodeDns(change);
      case 'calls':
        return at('lab', `the apps’ calls with ${sayAll(change.set)}`, 'the apps’ calls as they were');
      case 'load':
        return at(
          'lab',
          `${change.of ?? 'the demand'} with ${sayAll(change.set)}`,
          `${change.of ?? 'the demand'} as it was`,
        );
      case 'command': {
        const on = nodesOf(this.#network, change.node);
        const [run, undo, check] = [change.run, change.undo, change.check].map(
          (words) => `[${on}] ${words.map(shellWord).join(' ')}`,
        ) as [string, string, string];
        return { apply: [check, run, check], undo: [undo, check] };
      }
      case 'limit':
        return this.#limit(change);
      case 'buckets':
        return this.#buckets(change);
      case 'squeeze':
        return this.#squeeze(change);
      case 'invalid-rule':
        return at(
          nodesOf(this.#network, change.node),
          'iptables -S KUBE-FORWARD: the lab has no rule against INVALID packets, so none is deleted',
          'nothing',
        );
      case 'flush':
        return at(
          nodesOf(this.#network, change.node),
          'ctnetlink: delete what traffic has left, by its mark',
          'nothing: a deleted entry does not come back',
        );
      case 'event':
        return this.#event(change);
      case 'endpoints':
        return this.#endpoints(change);
      case 'conntrack-delete':
        return at(
          nodesOf(this.#network, EVERY_NODE),
          'ctnetlink: delete the entries of services that lead to no endpoint of theirs',
          'nothing: what was deleted leads nowhere',
        );
      case 'kube-proxy':
      case 'sysctl-daemonset':
        throw new Error(`the change ${change.kind} takes a cluster: use --lab kind`);
      case 'coredns-forward':
        return at('lab', 'nothing: the DNS of this lab is no CoreDNS', 'nothing');
      case 'record-ttl':
        return at(
          'lab',
          `the DNS answers with a TTL of ${String(change.seconds)} s`,
          `the DNS answers with a TTL of ${String(this.#options.protocol.topology.recordTtl)} s`,
        );
    }
  }

  #endpoints({ service: name, pods: set }: ChangeOf<'endpoints'>): Steps {
    const { services, pods, nodes } = this.#network;
    const service = services.find((each) => each.name === name);
    if (service === undefined) throw new Error(`there is no service ${name}; add it to topology.services`);
    const next = pods.filter((pod) => pod.set === set);
    const everywhere = nodesOf(this.#network, EVERY_NODE);
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

  #limit({ add }: ChangeOf<'limit'>): Steps {
    const { privileged, squeeze, protocol } = this.#options;
    const { node } = protocol;
    if (squeeze === 'netns-sysctl')
      return at(node, `sysctl -w ${MAX}=FOUND+${String(add)}`, `sysctl -w ${MAX}=FOUND`);
    if (privileged) return this.#global(MAX, this.#machine[MAX] + add);
    return at(
      squeezedNodes(protocol).join(' '),
      `ctnetlink: delete ${String(add)} ballast entries (emulates a higher maximum)`,
      `ctnetlink: insert them again`,
    );
  }

  #nodeDns({ notrack }: ChangeOf<'node-dns'>): Steps {
    const nodes = nodesOf(this.#network, EVERY_NODE);
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

  #buckets(change: ChangeOf<'buckets'>): Steps {
    const value = Math.round(this.#machine[BUCKETS] * change.times);
    const steps = this.#global(BUCKETS, value);
    // What remedies find is what the fault has left.
    if (change === this.#options.protocol.fault) this.#machine[BUCKETS] = value;
    return steps;
  }

  #event({ at: seconds, change }: ChangeOf<'event'>): Steps {
    const within = (line: string): string => `in every phase, after ${String(seconds)} s: ${line}`;
    const { apply, undo } = this.of(change);
    const after = undo.map((line) => `at the end of every such phase: ${line}`);
    return { apply: [...apply.map(within), ...after], undo: [`[lab] no longer: ${apply.join('; ')}`] };
  }

  #squeeze({ node: first, alike = [], free, assured = true }: ChangeOf<'squeeze'>): Steps {
    const node = [first, ...alike].join(' ');
    switch (this.#options.squeeze) {
      case 'ballast':
        return at(
          node,
          `ctnetlink: insert ${assured ? 'assured' : 'unassured'} entries until ${String(free)} of ${String(found(MAX))} are free`,
          'ctnetlink: delete them',
        );
      case 'none':
        return at(
          node,
          `handshakes through the node until ${String(free)} of ${String(found(MAX))} entries are free`,
          'ctnetlink: delete their entries',
        );
      case 'netns-sysctl':
        return at(node, `sysctl -w ${MAX}=ENTRIES+${String(free)}`, `sysctl -w ${MAX}=FOUND`);
      case 'sysctl': {
        const [max, buckets] = [
          this.#global(MAX, free),
          this.#global(BUCKETS, Math.ceil(free / ENTRIES_A_BUCKET)),
        ];
        this.#machine[MAX] = free;
        this.#machine[BUCKETS] = Math.ceil(free / ENTRIES_A_BUCKET);
        return { apply: [...max.apply, ...buckets.apply], undo: [...buckets.undo, ...max.undo] };
      }
    }
  }

  /** Journaled, made by a watchdog, and put back by it even if the harness is killed. */
  #global(name: typeof MAX | typeof BUCKETS, value: number): Steps {
    return at(
      'machine',
      `sysctl -w ${name}=${String(value)}`,
      `sysctl -w ${name}=${String(this.#machine[name])}`,
    );
  }
}

/** Names, with blanks between, of the nodes that a change's `node` stands for. */
export function nodesOf(network: Network, node: string): string {
  return node === EVERY_NODE ? network.nodes.map(({ name }) => name).join(' ') : node;
}

function sayAll(settings: object): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function at(where: string, apply: string, undo: string): Steps {
  return { apply: [`[${where}] ${apply}`], undo: [`[${where}] ${undo}`] };
}

function found(name: string): number {
  return Number(readSysctl(name));
}

/** A command with its standard input, as a shell's here-document. */
export function here(command: string, input: string): string {
  return `${command} <<'END'\n${input.trim()}\nEND`;
}
