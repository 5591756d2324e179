import type { Phase } from '../schema/history.ts';
import { EVERY_NODE, reachesOut, type Change } from '../schema/change.ts';
import { squeezedNodes } from '../schema/protocol.ts';
import { DrySteps, MAX, type DryGround } from './dry-steps.ts';
import type { Applied, Lab, LabOptions } from './lab.ts';
import { heldThroughout } from './limit-hold.ts';

/** The file that is locked is the limit's own. */
const LOCK = `/proc/sys/${MAX.replaceAll('.', '/')}`;

/** Writes a line of a dry run: `[where] command`. */
export type Write = (line: string) => void;

/** What of a lab is its own: how it comes up, which it has by the time there is a rehearsal, and how it goes. */
export interface Rehearsal {
  readonly ground: DryGround;
  /** Lines of its end. */
  readonly down: readonly string[];
  /** Does the machine’s limit go back before the lab goes? */
  readonly limitFirst: boolean;
  /** Lines of what is put back with it, where it is held from first to last. */
  readonly withLimit?: readonly string[];
}

/** The line with which a lab that holds the limit from first to last begins; none where it holds it for a cycle. */
export function lockLines(options: LabOptions): readonly string[] {
  return heldThroughout(options) ? [`[machine] flock --exclusive ${LOCK}`] : [];
}

/** A lab that does nothing and writes, in order, what the real one would do. */
export class RehearsedLab implements Lab {
  readonly lost: AbortSignal = new AbortController().signal;
  readonly #options: LabOptions;
  readonly #rehearsal: Rehearsal;
  readonly #write: Write;
  readonly #steps: DrySteps;
  /** What undoes a fault that is the whole machine's, when the lab is closed. */
  #fault: readonly string[] = [];

  constructor(options: LabOptions, rehearsal: Rehearsal, write: Write) {
    this.#options = options;
    this.#rehearsal = rehearsal;
    this.#write = write;
    this.#steps = new DrySteps(options, rehearsal.ground);
  }

  reserve(changes: readonly Change[]): Promise<AsyncDisposable> {
    if (heldThroughout(this.#options)) return Promise.resolve(new AsyncDisposableStack());
    const exclusive = reachesOut(changes, this.#options);
    this.#write(`[machine] flock --${exclusive ? 'exclusive' : 'shared'} ${LOCK}`);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => this.#saying([`[machine] flock --unlock ${LOCK}`]),
    });
  }

  capacity(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  phase({ cycle, stage }: Phase): Promise<void> {
    const { demand, background, events } = this.#options.protocol;
    const beside = Object.entries(background).map(([name, { kind }]) => `, and ${name} (${kind})`);
    this.#write(
      `[lab] phase ${cycle} ${stage}: the demand is offered once (${demand.kind})${beside.join('')}`,
    );
    for (const { at, change } of events)
      for (const line of this.#steps.of(change).apply) this.#write(`${line}, after ${String(at)} s`);
    return Promise.resolve();
  }

  apply(change: Change): Promise<Applied> {
    const { apply, undo } = this.#steps.of(change);
    if (change === this.#options.protocol.fault && heldThroughout(this.#options)) this.#fault = undo;
    return this.#saying(apply).then(() => ({ undo: () => this.#saying(undo) }));
  }

  clear(): Promise<void> {
    const { squeeze, protocol } = this.#options;
    const { ground } = this.#rehearsal;
    const where = squeeze === 'sysctl' ? ground.nodes(EVERY_NODE) : squeezedNodes(protocol).join(' ');
    return this.#saying([`[${where}] ctnetlink: delete the demand’s entries, by their mark`]);
  }

  shells(): readonly string[] {
    return [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    const { down, limitFirst, withLimit = [] } = this.#rehearsal;
    const limit = heldThroughout(this.#options)
      ? [...this.#fault, ...withLimit, `[machine] flock --unlock ${LOCK}`]
      : [];
    return this.#saying(limitFirst ? [...limit, ...down] : [...down, ...limit]);
  }

  #saying(lines: readonly string[]): Promise<void> {
    for (const line of lines) this.#write(line);
    return Promise.resolve();
  }
}
