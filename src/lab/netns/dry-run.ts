import { readSysctl } from '../../kernel/sysctl.ts';
import { shellWord } from '../../run/shell-word.ts';
import type { Phase } from '../../run/history.ts';
import { EVERY_NODE, isGlobal, type Change } from '../../scenario/change.ts';
import type { Applied, Lab, LabOptions, OpenLab } from '../lab.ts';
import { address, type Network } from './addresses.ts';
import { NODE_SYSCTLS } from './build.ts';
import { capsuleCommand } from './capsule.ts';
import { ENTRIES_A_BUCKET } from './global.ts';
import { ipSteps } from './links.ts';
import { resolvConf, withOptions } from './resolv.ts';
import { nodeRules } from './rules.ts';

const MAX = 'net.netfilter.nf_conntrack_max';
const BUCKETS = 'net.netfilter.nf_conntrack_buckets';
/** The file that is locked is the limit's own. */
const LOCK = `/proc/sys/${MAX.replaceAll('.', '/')}`;

type Write = (line: string) => void;
/** What is done, and what undoes it. */
interface Steps {
  readonly apply: readonly string[];
  readonly undo: readonly string[];
}
type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/**
 * A lab that does nothing and writes, in order, what the embedded one would do: `[where] command`. `machine` is
 * outside the capsule, `capsule` its first namespace, anything else a node or a pod.
 */
export function rehearseNetns(write: Write): OpenLab {
  return (options) => {
    const lab = new RehearsedLab(options, write);
    lab.up();
    return Promise.resolve(lab);
  };
}

class RehearsedLab implements Lab {
  readonly lost = new AbortController().signal;
  readonly #options: LabOptions;
  readonly #network: Network;
  readonly #write: Write;
  readonly #resolverOptions: readonly string[];
  /** The machine's limit and buckets, as the changes so far would have left them. */
  readonly #machine = { [MAX]: found(MAX), [BUCKETS]: found(BUCKETS) };
  /** What is put back when the lab is closed: the limit, where it was squeezed for the whole machine. */
  #atEnd: readonly string[] = [];

  constructor(options: LabOptions, write: Write) {
    this.#options = options;
    this.#network = address(options.protocol.topology);
    this.#resolverOptions = options.protocol.topology.resolver?.options ?? [];
    this.#write = write;
  }

  up(): void {
    const { protocol, privileged, squeeze } = this.#options;
    const { topology, canaries } = protocol;
    this.#say('machine', capsuleCommand(privileged, ['node', 'agent']).map(shellWord).join(' '));
    if (squeeze === 'sysctl') this.#say('machine', `flock --exclusive ${LOCK}`);
    this.#say('capsule', 'mount -t tmpfs tmpfs /run');
    const [namespaces = [], fabric = [], nodes = [], pods = []] = ipSteps(this.#network);
    const ip = (batches: typeof nodes): void => {
      for (const { netns, lines } of batches)
        for (const line of lines) this.#say(netns ?? 'capsule', `ip ${line}`);
    };
    ip(namespaces);
    ip(fabric);
    for (const [name, value] of Object.entries(NODE_SYSCTLS))
      this.#say(this.#nodes(EVERY_NODE), `sysctl -w ${name}=${String(value)}`);
    ip(nodes);
    ip(pods);
    const kept = this.#network.pods.filter(({ set }) => set === canaries?.pods).map((pod) => pod.ip);
    this.#say(this.#nodes(EVERY_NODE), here('nft -f -', nodeRules(this.#network, kept)));
    if (topology.resolver)
      this.#say(
        'capsule',
        here(
          'write /run/pods/resolv.conf, bound over every pod’s /etc/resolv.conf',
          resolvConf(topology.resolver),
        ),
      );
  }

  reserve(changes: readonly Change[]): Promise<AsyncDisposable> {
    if (this.#options.squeeze === 'sysctl') return Promise.resolve(new AsyncDisposableStack());
    const exclusive =
      this.#options.privileged && changes.some((change) => isGlobal(change, this.#options.squeeze));
    this.#say('machine', `flock --${exclusive ? 'exclusive' : 'shared'} ${LOCK}`);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => this.#saying('machine', `flock --unlock ${LOCK}`),
    });
  }

  phase({ cycle, stage }: Phase): Promise<void> {
    return this.#saying(
      'lab',
      `phase ${cycle} ${stage}: the demand is offered once (${this.#options.protocol.demand.kind})`,
    );
  }

  apply(change: Change): Promise<Applied> {
    const { apply, undo } = this.#steps(change);
    for (const line of apply) this.#write(line);
    if (change.kind === 'squeeze' && this.#options.squeeze === 'sysctl')
      this.#atEnd = [...undo, `[machine] flock --unlock ${LOCK}`];
    return Promise.resolve({
      undo: () => {
        for (const line of undo) this.#write(line);
        return Promise.resolve();
      },
    });
  }

  clear(): Promise<void> {
    const { squeeze, protocol } = this.#options;
    const where = squeeze === 'sysctl' ? this.#nodes(EVERY_NODE) : protocol.node;
    return this.#saying(where, 'ctnetlink: delete the demand’s entries, by their mark');
  }

  shells(): readonly string[] {
    return [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#say(
      'machine',
      'close the lifeline: the kernel ends every process, link, rule and table of the capsule',
    );
    for (const line of this.#atEnd) this.#write(line);
    return Promise.resolve();
  }

  #steps(change: Change): Steps {
    switch (change.kind) {
      case 'sysctl':
        return at(
          this.#nodes(change.node),
          `sysctl -w ${change.name}=${String(change.value)}`,
          `sysctl -w ${change.name}=FOUND`,
        );
      case 'nft': {
        const chain = `chain ${change.hook} { type filter hook ${change.hook} priority ${String(change.priority)}; ${change.rules.join('; ')}; }`;
        return at(
          this.#nodes(change.node),
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
        return this.#global(BUCKETS, Math.round(this.#machine[BUCKETS] * change.times));
      case 'squeeze':
        return this.#squeeze(change);
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

  #squeeze({ node, free }: ChangeOf<'squeeze'>): Steps {
    switch (this.#options.squeeze) {
      case 'ballast':
        return at(
          node,
          `ctnetlink: insert assured entries until ${String(free)} of ${String(found(MAX))} are free`,
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

  #nodes(node: string): string {
    return node === EVERY_NODE ? this.#network.nodes.map(({ name }) => name).join(' ') : node;
  }

  #saying(where: string, what: string): Promise<void> {
    this.#say(where, what);
    return Promise.resolve();
  }

  #say(where: string, what: string): void {
    this.#write(`[${where}] ${what}`);
  }
}

function at(where: string, apply: string, undo: string): Steps {
  return { apply: [`[${where}] ${apply}`], undo: [`[${where}] ${undo}`] };
}

function found(name: string): number {
  return Number(readSysctl(name));
}

/** A command with its standard input, as a shell's here-document. */
function here(command: string, input: string): string {
  return `${command} <<'END'\n${input.trim()}\nEND`;
}
