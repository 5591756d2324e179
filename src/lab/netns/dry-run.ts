import { shellWord } from '../../run/shell-word.ts';
import type { Phase } from '../../run/history.ts';
import { EVERY_NODE, isGlobal, type Change } from '../../scenario/change.ts';
import { k6Loads } from '../../scenario/k6.ts';
import { squeezedNodes } from '../../scenario/protocol.ts';
import type { Applied, Lab, LabOptions, OpenLab } from '../lab.ts';
import { address, CLUSTER_DNS, type BuiltNetwork } from './addresses.ts';
import { NODE_SYSCTLS, UPLINK_SYSCTLS } from './build.ts';
import { capsuleCommand } from './capsule.ts';
import { DrySteps, here, MAX, nodesOf } from './dry-steps.ts';
import { lentMaximum } from './lent.ts';
import { heldThroughout } from '../limit-hold.ts';
import { ipSteps } from './links.ts';
import { resolvConf } from '../agent/resolv.ts';
import { nodeRules } from './rules.ts';

/** The file that is locked is the limit's own. */
const LOCK = `/proc/sys/${MAX.replaceAll('.', '/')}`;

type Write = (line: string) => void;
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
  readonly #network: BuiltNetwork;
  readonly #write: Write;
  readonly #steps: DrySteps;
  /** What is put back when the lab is closed: the limit, where the fault is the whole machine's. */
  #atEnd: readonly string[] = [];

  constructor(options: LabOptions, write: Write) {
    this.#options = options;
    this.#network = address(options.protocol.topology);
    this.#steps = new DrySteps(options, this.#network);
    this.#write = write;
  }

  up(): void {
    const { protocol, privileged } = this.#options;
    const { topology, canaries } = protocol;
    this.#say('machine', capsuleCommand(privileged, ['node', 'agent']).map(shellWord).join(' '));
    if (heldThroughout(this.#options)) this.#say('machine', `flock --exclusive ${LOCK}`);
    this.#say('capsule', 'mount -t tmpfs tmpfs /run');
    const [namespaces = [], fabric = [], nodes = [], pods = []] = ipSteps(this.#network);
    const ip = (batches: typeof nodes): void => {
      for (const { netns, lines } of batches)
        for (const line of lines) this.#say(netns ?? 'capsule', `ip ${line}`);
    };
    ip(namespaces);
    ip(fabric);
    for (const [name, value] of Object.entries({ ...NODE_SYSCTLS, ...protocol.sysctls }))
      this.#say(nodesOf(this.#network, EVERY_NODE), `sysctl -w ${name}=${String(value)}`);
    const uplinked = this.#network.pods.filter(({ uplink }) => uplink !== undefined);
    if (uplinked.length > 0)
      for (const [name, value] of Object.entries(UPLINK_SYSCTLS))
        this.#say(uplinked.map((pod) => pod.name).join(' '), `sysctl -w ${name}=${String(value)}`);
    ip(nodes);
    ip(pods);
    const kept = this.#network.pods.filter(({ set }) => set === canaries?.pods).map((pod) => pod.ip);
    this.#say(nodesOf(this.#network, EVERY_NODE), here('nft -f -', nodeRules(this.#network, kept)));
    if (topology.resolver)
      this.#say(
        'capsule',
        here(
          'write /run/pods/resolv.conf, bound over every pod’s /etc/resolv.conf',
          resolvConf(topology.resolver, CLUSTER_DNS),
        ),
      );
    this.#settings();
    for (const [, { pods: set, program = 'k6', script }] of k6Loads(protocol)) {
      const where = this.#network.pods.filter((pod) => pod.set === set).map(({ name }) => name);
      this.#say(where.join(' '), `in every phase: ${[program, 'run', script].map(shellWord).join(' ')}`);
    }
  }

  /** Settings are no traffic: writing them is a change like any other. */
  #settings(): void {
    const { protocol, squeeze } = this.#options;
    const { demand } = protocol;
    if (demand.kind !== 'settings') return;
    if (lentMaximum(protocol, squeeze) !== undefined)
      this.#say(demand.node, `mount --bind the machine’s own ${LOCK} over the node’s`);
    const values = Object.entries(demand.sysctls).map(([name, value]) => `${name}=${String(value)}`);
    const start = `${demand.program} --init-only`;
    this.#say(
      demand.node,
      `in every phase: sysctl -w ${values.join(' ')}; ${start} before that, or after it; then sysctl -w NAME=FOUND`,
    );
  }

  reserve(changes: readonly Change[]): Promise<AsyncDisposable> {
    if (heldThroughout(this.#options)) return Promise.resolve(new AsyncDisposableStack());
    const exclusive =
      this.#options.privileged && changes.some((change) => isGlobal(change, this.#options.squeeze));
    this.#say('machine', `flock --${exclusive ? 'exclusive' : 'shared'} ${LOCK}`);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => this.#saying('machine', `flock --unlock ${LOCK}`),
    });
  }

  phase({ cycle, stage }: Phase): Promise<void> {
    const { demand, background, events } = this.#options.protocol;
    const beside = Object.entries(background).map(([name, { kind }]) => `, and ${name} (${kind})`);
    this.#say(
      'lab',
      `phase ${cycle} ${stage}: the demand is offered once (${demand.kind})${beside.join('')}`,
    );
    for (const { at, change } of events)
      for (const line of this.#steps.of(change).apply) this.#write(`${line}, after ${String(at)} s`);
    return Promise.resolve();
  }

  apply(change: Change): Promise<Applied> {
    const { apply, undo } = this.#steps.of(change);
    for (const line of apply) this.#write(line);
    if (change === this.#options.protocol.fault && heldThroughout(this.#options))
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
    const where =
      squeeze === 'sysctl' ? nodesOf(this.#network, EVERY_NODE) : squeezedNodes(protocol).join(' ');
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

  #saying(where: string, what: string): Promise<void> {
    this.#say(where, what);
    return Promise.resolve();
  }

  #say(where: string, what: string): void {
    this.#write(`[${where}] ${what}`);
  }
}
