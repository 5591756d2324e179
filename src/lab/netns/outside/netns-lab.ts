import { numberOf } from '../../../agent/asked.ts';
import { readFileSync } from 'node:fs';
import { tooFewOpenFiles } from '../../../util/open-files.ts';
import type { Conditions, Phase } from '../../../schema/history.ts';
import { immediateOf, outlivesLab, type Change } from '../../../change/index.ts';
import type { Load } from '../../../load/index.ts';
import type { Applied, Lab, LabOptions } from '../../lab.ts';
import { hasVeth } from '../../../agent/network.ts';
import type { Words } from '../../../host/host.ts';
import type { Hands, Place } from '../../hands.ts';
import { address } from '../addresses.ts';
import { Sandbox } from './sandbox.ts';
import { filesNeeded } from './files-needed.ts';
import { delegatedMaximum } from '../delegated-maximum.ts';
import { allOrNone } from '../../../change/undo-stack.ts';
import { LeftBehind, untilMade } from '../../left-behind.ts';
import { MachineLimit } from '../../machine-limit.ts';
import { phaseOn } from '../../phase-on.ts';

/** What a lab consists of. */
interface Parts {
  readonly sandbox: Pick<Sandbox, 'ask' | 'lost' | 'pid'> & AsyncDisposable;
  readonly limit: Pick<MachineLimit, 'reserve' | 'concerns' | 'apply' | 'lost'> & AsyncDisposable;
}

/** The embedded lab, seen from outside: a sandbox, and the machine's limit, which only root can change. */
export class NetnsLab implements Lab {
  readonly #options: LabOptions;
  readonly #sandbox: Parts['sandbox'];
  readonly #limit: Parts['limit'];
  readonly #left: LeftBehind;
  readonly #standing = new AsyncDisposableStack();
  readonly lost: AbortSignal;

  constructor(options: LabOptions, { sandbox, limit }: Parts) {
    this.#options = options;
    this.lost = AbortSignal.any([sandbox.lost, limit.lost]);
    // The sandbox ends first; then the limit is restored, however the sandbox ended.
    this.#limit = this.#standing.use(limit);
    this.#sandbox = this.#standing.use(sandbox);
    this.#left = this.#standing.use(
      new LeftBehind(options.onLeft, (change) => outlivesLab(immediateOf(change)), sandbox.lost),
    );
  }

  static async open(options: LabOptions): Promise<NetnsLab> {
    const { privileged, signal, sink, protocol, squeeze, seed, epoch } = options;
    const why = tooFewOpenFiles(filesNeeded(protocol));
    if (why !== undefined) throw new Error(why);
    await using opening = new AsyncDisposableStack();
    const least = delegatedMaximum(protocol, squeeze);
    const sandbox = opening.use(
      await Sandbox.open(
        privileged,
        (events) => {
          for (const event of events) sink(event);
        },
        signal,
        least !== undefined,
      ),
    );
    const limit = opening.use(await MachineLimit.open(options, { delegate: least }));
    await sandbox.ask({ method: 'up', protocol, squeeze, seed, epoch: String(epoch) }, signal);
    await sandbox.ask({ method: 'hold' }, signal);
    opening.move();
    return new NetnsLab(options, { sandbox, limit });
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#limit.reserve(changes, signal);
  }

  capacity(load: Load, signal: AbortSignal): Promise<number | undefined> {
    return this.#sandbox.ask({ method: 'capacity', load }, signal);
  }

  async phase(phase: Phase, conditions: Conditions, signal: AbortSignal): Promise<void> {
    await phaseOn([this.#sandbox], phase, conditions, signal);
  }

  async apply(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    if (this.#limit.concerns(change)) return this.#limit.apply(change, cycle);
    return this.#left.follow(change, cycle, this.#make(change, cycle, signal));
  }

  #make(change: Change, cycle: string, signal: AbortSignal): Promise<Applied> {
    return allOrNone(async (stack) => {
      const until = untilMade(change, signal);
      const applied = await numberOf(this.#sandbox.ask({ method: 'apply', change, cycle }, until));
      const undo = { method: 'undo', applied } as const;
      stack.defer(() => this.#sandbox.ask(undo, new AbortController().signal));
    });
  }

  async clear(signal: AbortSignal): Promise<void> {
    await this.#sandbox.ask({ method: 'clear' }, signal);
  }

  shells(): readonly string[] {
    if (this.#sandbox.pid === undefined) return [];
    const { places, within } = this.hands();
    const [node, pod] = (['node', 'pod'] as const).map((kind) => places.find((each) => each.kind === kind));
    return [node, pod].flatMap((place) =>
      place === undefined ? [] : [[...within, 'nsenter', `--net=/run/netns/${place.name}`, 'sh'].join(' ')],
    );
  }

  /** @throws Error where the sandbox is gone */
  hands(): Hands {
    const outer = this.#sandbox.pid;
    if (outer === undefined) throw new Error('the lab is gone');
    const first = firstChild(outer);
    const user = this.#options.privileged ? [] : ['--user', '--preserve-credentials'];
    const network = address(this.#options.protocol.topology);
    const places: Place[] = [
      ...network.nodes.map(({ name, ip }) => ({ name, ip, kind: 'node' as const })),
      ...network.pods.filter(hasVeth).map(({ name, ip }) => ({ name, ip, kind: 'pod' as const })),
    ];
    const services = network.services.map(({ name, ip, port }) => ({ name, ip, port }));
    const within: Words = ['nsenter', '--target', String(first), ...user, '--mount', '--pid', '--'];
    return { places, services, pid: first, within };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#standing.disposeAsync();
  }
}

/** unshare's only child: the sandbox's first process. */
function firstChild(outer: number): number {
  const [first = ''] = readFileSync(`/proc/${String(outer)}/task/${String(outer)}/children`, 'utf8').split(
    ' ',
  );
  if (first === '') throw new Error('the lab is gone');
  return Number(first);
}
