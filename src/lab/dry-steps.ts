import { readSysctl } from '../kernel/sysctl.ts';
import { shellWord } from '../util/shell-word.ts';
import { EVERY_NODE, reachesOut, type Change, type ChangeOf } from '../schema/change.ts';
import { squeezedNodes } from '../schema/protocol.ts';
import type { LabOptions } from './lab.ts';
import { ENTRIES_A_BUCKET } from './limit-hold.ts';

export const MAX = 'net.netfilter.nf_conntrack_max';
const BUCKETS = 'net.netfilter.nf_conntrack_buckets';

/** What is done, and what undoes it: a line each, `[where] command`. */
export interface Steps {
  readonly apply: readonly string[];
  readonly undo: readonly string[];
}

/** What each lab makes in its own way. */
export type OwnChange = ChangeOf<
  | 'nginx'
  | 'resolver'
  | 'node-dns'
  | 'endpoints'
  | 'invalid-rule'
  | 'kube-proxy'
  | 'sysctl-daemonset'
  | 'coredns-forward'
  | 'record-ttl'
>;

/** A lab’s own part of a dry run. */
export interface DryGround {
  /** Names, with blanks between, of the nodes that a change’s `node` stands for, and of the pods of a set. */
  readonly nodes: (node: string) => string;
  readonly pods: (set: string) => string;
  /** What rules on a node need defined. */
  readonly definitions: (rules: readonly string[], node: string) => string;
  readonly own: (change: OwnChange) => Steps;
}

/** What each change would be, as lines of a dry run. */
export class DrySteps {
  readonly #options: LabOptions;
  readonly #ground: DryGround;
  /** The machine's limit and buckets, as the changes so far would have left them. */
  readonly #machine = { [MAX]: found(MAX), [BUCKETS]: found(BUCKETS) };

  constructor(options: LabOptions, ground: DryGround) {
    this.#options = options;
    this.#ground = ground;
  }

  of(change: Change): Steps {
    switch (change.kind) {
      case 'sysctl':
        return at(
          this.#ground.nodes(change.node),
          `sysctl -w ${change.name}=${String(change.value)}`,
          `sysctl -w ${change.name}=FOUND`,
        );
      case 'pod-sysctl':
        return at(
          this.#ground.pods(change.pods),
          `sysctl -w ${change.name}="${change.value}"`,
          `sysctl -w ${change.name}=FOUND`,
        );
      case 'nft': {
        const { type = 'filter' } = change;
        const chain = `chain ${change.hook} { type ${type} hook ${change.hook} priority ${String(change.priority)}; ${change.rules.join('; ')}; }`;
        return at(
          this.#ground.nodes(change.node),
          here(
            'nft -f -',
            `${this.#ground.definitions(change.rules, change.node)}table ip tablefull-change { ${chain} }`,
          ),
          'nft delete table ip tablefull-change',
        );
      }
      case 'calls':
        return at('lab', `the apps’ calls with ${sayAll(change.set)}`, 'the apps’ calls as they were');
      case 'load':
        return at(
          'lab',
          `${change.of ?? 'the demand'} with ${sayAll(change.set)}`,
          `${change.of ?? 'the demand'} as it was`,
        );
      case 'command': {
        const on = this.#ground.nodes(change.node);
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
      case 'flush':
        return at(
          this.#ground.nodes(change.node),
          'ctnetlink: delete what traffic has left, by its mark',
          'nothing: a deleted entry does not come back',
        );
      case 'event':
        return this.#event(change);
      case 'conntrack-delete':
        return at(
          this.#ground.nodes(EVERY_NODE),
          'ctnetlink: delete the entries of services that lead to no endpoint of theirs',
          'nothing: what was deleted leads nowhere',
        );
      case 'nginx':
      case 'resolver':
      case 'node-dns':
      case 'endpoints':
      case 'invalid-rule':
      case 'kube-proxy':
      case 'sysctl-daemonset':
      case 'coredns-forward':
      case 'record-ttl':
        return this.#ground.own(change);
    }
  }

  #limit(change: ChangeOf<'limit'>): Steps {
    const { squeeze, protocol } = this.#options;
    const { node } = protocol;
    const { add } = change;
    if (squeeze === 'netns-sysctl')
      return at(node, `sysctl -w ${MAX}=FOUND+${String(add)}`, `sysctl -w ${MAX}=FOUND`);
    if (reachesOut([change], this.#options)) return this.#global(MAX, this.#machine[MAX] + add);
    return at(
      squeezedNodes(protocol).join(' '),
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

function sayAll(settings: object): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

export function at(where: string, apply: string, undo: string): Steps {
  return { apply: [`[${where}] ${apply}`], undo: [`[${where}] ${undo}`] };
}

function found(name: string): number {
  return Number(readSysctl(name));
}

/** A command with its standard input, as a shell's here-document. */
export function here(command: string, input: string): string {
  return `${command} <<'END'\n${input.trim()}\nEND`;
}
