import { readFileSync } from 'node:fs';
import { readSysctl } from '../../kernel/sysctl.ts';
import { millisecondsSince } from '../../run/clock.ts';
import type { Phase } from '../../run/history.ts';
import { isGlobal, type Change } from '../../scenario/change.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import { address } from './addresses.ts';
import { Capsule } from './capsule.ts';
import { NotRestored } from './done.ts';
import { lentMaximum } from './lent.ts';
import type { Ask } from './rpc.ts';
import { heldThroughout, LimitHold } from './global.ts';

/** Labs of one run wait for each other as well, for a cycle at the most: longer, and it is somebody else. */
const LONG_WAIT_MS = 12_000;

/** The embedded lab, from the outside: a capsule, and what only root can change beyond it. */
export class NetnsLab implements Lab {
  readonly #options: LabOptions;
  readonly #capsule: Capsule;
  readonly #lost = new AbortController();
  /** Held for one cycle of phases; for the squeeze `sysctl` or a global fault, from first to last. */
  #hold: LimitHold | undefined;

  private constructor(options: LabOptions, capsule: Capsule, hold: LimitHold | undefined) {
    this.#options = options;
    this.#capsule = capsule;
    this.#hold = hold;
    for (const lost of [capsule.lost, hold?.lost]) this.#follow(lost);
  }

  static async open(options: LabOptions): Promise<NetnsLab> {
    const { privileged, signal, sink, protocol, squeeze, seed, epoch } = options;
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
    const hold = heldThroughout(options) ? opening.use(await LimitHold.exclusive(signal)) : undefined;
    if (least !== undefined)
      await hold?.lendMax(least, Number(readSysctl('net.netfilter.nf_conntrack_buckets')));
    await capsule.ask({ method: 'up', protocol, squeeze, seed, epoch: String(epoch) }, signal);
    opening.move();
    const lab = new NetnsLab(options, capsule, hold);
    lab.#tell(hold);
    return lab;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    if (heldThroughout(this.#options)) return new AsyncDisposableStack();
    const exclusive =
      this.#options.privileged && changes.some((change) => isGlobal(change, this.#options.squeeze));
    const notice = setTimeout(
      this.#options.say,
      LONG_WAIT_MS,
      'waiting: another run holds the conntrack limit',
    );
    const hold = await (exclusive ? LimitHold.exclusive(signal) : LimitHold.shared(signal)).finally(() => {
      clearTimeout(notice);
    });
    this.#hold = hold;
    this.#tell(hold);
    this.#follow(hold.lost);
    return { [Symbol.asyncDispose]: () => this.#release() };
  }

  async phase(phase: Phase, signal: AbortSignal): Promise<void> {
    await this.#capsule.ask({ method: 'phase', phase }, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    const { squeeze, privileged } = this.#options;
    if (change.kind === 'squeeze' && squeeze === 'sysctl') return this.#squeeze(change, cycle);
    if (privileged && isGlobal(change, squeeze)) return this.#changeLimit(change, cycle);
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
    await this.#release();
  }

  async #squeeze(change: Extract<Change, { kind: 'squeeze' }>, cycle: string): Promise<Applied> {
    const { free } = change;
    const { report, readings } = await this.#held().squeeze(free);
    this.#options.sink({ type: 'squeeze', t: this.#now(), cycle, report });
    for (const reading of readings) this.#record('apply', change, cycle, reading);
    return { undo: () => this.#release() };
  }

  async #changeLimit(
    change: Extract<Change, { kind: 'limit' | 'buckets' }>,
    cycle: string,
  ): Promise<Applied> {
    const limit = Number(readSysctl('net.netfilter.nf_conntrack_max'));
    const buckets = Number(readSysctl('net.netfilter.nf_conntrack_buckets'));
    const hold = this.#held();
    const done = await (change.kind === 'limit'
      ? hold.raiseMax(change.add, limit, buckets)
      : hold.multiplyBuckets(change.times, buckets));
    this.#record('apply', change, cycle, done);
    return {
      undo: async () => {
        this.#record('undo', change, cycle, await done.undo());
      },
    };
  }

  #record(
    action: 'apply' | 'undo',
    change: Change,
    cycle: string,
    { found, readBack }: { found: string; readBack: string },
  ): void {
    this.#options.sink({
      type: 'change',
      t: this.#now(),
      cycle,
      action,
      change,
      found,
      readBack,
      emulated: false,
    });
  }

  #held(): LimitHold {
    if (this.#hold === undefined)
      throw new Error('the conntrack limit is to be reserved before it is changed');
    return this.#hold;
  }

  async #release(): Promise<void> {
    const hold = this.#hold;
    this.#hold = undefined;
    for (const left of (await hold?.release()) ?? []) this.#options.onLeft(left);
  }

  #tell(hold: LimitHold | undefined): void {
    for (const line of hold?.leftovers ?? [])
      this.#options.say(`restored what a killed run had left: ${line}`);
  }

  #follow(lost: AbortSignal | undefined): void {
    if (lost === undefined) return;
    const follow = (): void => {
      this.#lost.abort(lost.reason);
    };
    if (lost.aborted) follow();
    else lost.addEventListener('abort', follow, { once: true });
  }

  #now(): number {
    return millisecondsSince(this.#options.epoch);
  }
}
