import { readSysctl } from '../../kernel/sysctl.ts';
import { EVERY_NODE, type Change } from '../../scenario/change.ts';
import type { LabOptions } from '../lab.ts';
import type { Network } from './addresses.ts';
import { ENTRIES_A_BUCKET } from './global.ts';
import { withOptions } from './resolv.ts';

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
      case 'nft': {
        const chain = `chain ${change.hook} { type filter hook ${change.hook} priority ${String(change.priority)}; ${change.rules.join('; ')}; }`;
        return at(
          nodesOf(this.#network, change.node),
          here('nft -f -', `table ip tablefull-change { ${chain} }`),
          'nft delete table ip tablefull-change',
        );
      }
      case 'resolver': {
        const line = (options: readonly string[]): string =>
          `write the line to /run/pods/resolv.conf: options ${options.join(' ')}`;
        return at(
          'capsule',
          line(withOptions(this.#resolverOptions, change.options)),
          line(this.#resolverOptions),
        );
      }
      case 'load':
        return at(
          'lab',
          `the demand with ${Object.entries(change.set)
            .map(([key, value]) => `${key}=${String(value)}`)
            .join(', ')}`,
          'the demand as it was',
        );
      case 'limit':
        return this.#limit(change);
      case 'buckets':
        return this.#buckets(change);
      case 'squeeze':
        return this.#squeeze(change);
      case 'event':
        return this.#event(change);
    }
  }

  #limit({ add }: ChangeOf<'limit'>): Steps {
    const { privileged, squeeze, protocol } = this.#options;
    const { node } = protocol;
    if (squeeze === 'netns-sysctl')
      return at(node, `sysctl -w ${MAX}=FOUND+${String(add)}`, `sysctl -w ${MAX}=FOUND`);
    if (privileged) return this.#global(MAX, this.#machine[MAX] + add);
    return at(
      node,
      `ctnetlink: delete ${String(add)} ballast entries (emulates a higher maximum)`,
      `ctnetlink: insert them again`,
    );
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
    const { apply } = this.of(change);
    return { apply: apply.map(within), undo: [`[lab] no longer: ${apply.join('; ')}`] };
  }

  #squeeze({ node, free, assured = true }: ChangeOf<'squeeze'>): Steps {
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
