import { readFileSync } from 'node:fs';
import { tooFewOpenFiles } from '../../base/open-files.ts';
import type { Phase } from '../../run/history.ts';
import type { Change } from '../../scenario/change.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import { address } from './addresses.ts';
import { Capsule } from './capsule.ts';
import { NotRestored } from '../agent/done.ts';
import { filesNeeded } from './files-needed.ts';
import { lentMaximum } from './lent.ts';
import { PHASE_STEPS, type Ask } from '../agent/rpc.ts';
import { MachineLimit } from '../machine-limit.ts';

/** The embedded lab, from the outside: a capsule, and what only root can change beyond it. */
export class NetnsLab implements Lab {
  readonly #options: LabOptions;
  readonly #capsule: Capsule;
  readonly #limit: MachineLimit;
  readonly lost: AbortSignal;

  private constructor(options: LabOptions, capsule: Capsule, limit: MachineLimit) {
    this.#options = options;
    this.#capsule = capsule;
    this.#limit = limit;
    this.lost = AbortSignal.any([capsule.lost, limit.lost]);
  }

  static async open(options: LabOptions): Promise<NetnsLab> {
    const { privileged, signal, sink, protocol, squeeze, seed, epoch } = options;
    const why = tooFewOpenFiles(filesNeeded(protocol));
    if (why !== undefined) throw new Error(why);
    await using opening = new AsyncDisposableStack();
    const least = lentMaximum(protocol, squeeze);
    const capsule = opening.use(
      await Capsule.open(
        privileged,
        (events) => {
          for (const event of events) sink(event);
        },
        signal,
        least !== undefined,
      ),
    );
    const limit = opening.use(await MachineLimit.open(options, { lend: least }));
    await capsule.ask({ method: 'up', protocol, squeeze, seed, epoch: String(epoch) }, signal);
    await capsule.ask({ method: 'hold' }, signal);
    opening.move();
    return new NetnsLab(options, capsule, limit);
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#limit.reserve(changes, signal);
  }

  async phase(phase: Phase, signal: AbortSignal): Promise<void> {
    for (const step of PHASE_STEPS) await this.#capsule.ask({ method: 'phase', phase, step }, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (this.#limit.concerns(change)) return this.#limit.apply(change, cycle);
    const asked = (ask: Ask, until: AbortSignal): Promise<number | undefined> =>
      this.#capsule.ask(ask, until).catch((error: unknown) => {
        // The capsule takes all others along; what a command has done, and where, nobody knows.
        if (change.kind === 'command' && error instanceof NotRestored)
          this.#options.onLeft(
            `${cycle}: ${error.message}; the lab is gone, so see what it changed beside it`,
          );
        throw error;
      });
    // A command that is under way is waited for, or nobody would undo it; it has a time limit.
    const until = change.kind === 'command' ? new AbortController().signal : signal;
    const id = await asked({ method: 'apply', change, cycle }, until);
    return {
      undo: async () => {
        await asked({ method: 'undo', applied: id ?? 0 }, new AbortController().signal);
      },
    };
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#capsule.ask({ method: 'clear' }, signal);
  }

  shells(): readonly string[] {
    const outer = this.#capsule.pid;
    if (outer === undefined) return [];
    const [first = ''] = readFileSync(`/proc/${String(outer)}/task/${String(outer)}/children`, 'utf8').split(
      ' ',
    );
    const user = this.#options.privileged ? [] : ['--user', '--preserve-credentials'];
    const enter = ['nsenter', '--target', first, ...user, '--mount', '--pid', '--', 'nsenter'].join(' ');
    const { topology } = this.#options.protocol;
    const [pod] = address(topology).pods;
    return [
      `${enter} --net=/run/netns/${topology.nodes[0] ?? ''} sh`,
      `${enter} --net=/run/netns/${pod?.name ?? ''} sh`,
    ];
  }

  /** Ends the capsule, which takes everything in it along, and then puts the machine's limit back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#capsule[Symbol.asyncDispose]();
    await this.#limit[Symbol.asyncDispose]();
  }
}
