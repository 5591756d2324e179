import { Events } from '../../agent/events.ts';
import { applyChange, type Change, type Immediate } from '../../change/index.ts';
import type { Done } from '../../change/done.ts';
import type { Target } from '../../change/target.ts';
import { DEMAND_MARK } from '../../host/marks.ts';
import type { Phase } from '../../schema/history.ts';
import { squeezedNodes } from '../../schema/protocol.ts';
import { EVERY_NODE } from '../../change/define.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import type { MachineLimit } from '../machine-limit.ts';
import type { Written } from './written.ts';

/** What a lab that only traces consists of. */
export interface DryParts {
  readonly written: Written;
  readonly target: Target;
  readonly limit: MachineLimit;
  /** The end of all but the limit. */
  readonly down: () => void;
  /** Whether the machine's limit goes back before the lab goes. */
  readonly limitFirst: boolean;
}

/** A lab whose hosts are in memory: a run on it is what `--dry-run` prints. No load is offered. */
export class DryLab implements Lab {
  readonly lost: AbortSignal = new AbortController().signal;
  readonly #options: LabOptions;
  readonly #parts: DryParts;
  readonly #events: Events;
  readonly #standing = new AsyncDisposableStack();

  constructor(options: LabOptions, parts: DryParts) {
    this.#options = options;
    this.#parts = parts;
    const { limit, down, limitFirst, written } = parts;
    this.#events = new Events(options.protocol.events, (change) => this.#make(change));
    this.#standing.defer(() => {
      written.flush();
    });
    if (!limitFirst) this.#standing.use(limit);
    this.#standing.defer(down);
    if (limitFirst) this.#standing.use(limit);
  }

  reserve(changes: readonly Change[], signal: AbortSignal): Promise<AsyncDisposable> {
    return this.#parts.limit.reserve(changes, signal);
  }

  /** What a burst leaves is deleted, as in a lab that measures. */
  async capacity(): Promise<undefined> {
    await this.clear();
    return undefined;
  }

  async phase({ cycle, stage }: Phase): Promise<void> {
    const { written } = this.#parts;
    const { demand, background } = this.#options.protocol;
    const beside = Object.entries(background).map(([name, { kind }]) => `, and ${name} (${kind})`);
    const what = `the demand is offered once (${demand.kind})${beside.join('')}`;
    written.remark(`[lab] phase ${cycle} ${stage}: ${what}`);
    await this.#events.rehearse((at) => {
      written.remark(`[lab] ${String(at)} s into the phase:`);
    });
  }

  async apply(change: Change, cycle: string): Promise<Applied> {
    const { limit } = this.#parts;
    if (limit.concerns(change)) return limit.apply(change, cycle);
    return change.kind === 'event' ? applied(await this.#events.arm(change)) : this.#make(change);
  }

  async #make(change: Immediate): Promise<Applied> {
    const { limit, target } = this.#parts;
    if (limit.concerns(change)) return limit.apply(change, 'symptom');
    return applied(await applyChange(change, target));
  }

  clear(): Promise<void> {
    const { squeeze, protocol } = this.#options;
    const { target } = this.#parts;
    const nodes = squeeze === 'sysctl' ? [EVERY_NODE] : squeezedNodes(protocol);
    for (const host of nodes.flatMap((node) => target.nodes(node))) host.flushMark(DEMAND_MARK);
    return Promise.resolve();
  }

  shells(): readonly string[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#standing.disposeAsync();
  }
}

function applied({ undo }: Done): Applied {
  return {
    undo: async () => {
      await undo();
    },
  };
}
