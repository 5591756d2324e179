import { AppliedChanges } from '../../agent/applied-changes.ts';
import { applyChange, type Change, type LabTarget } from '../../change/index.ts';
import type { Ballasts } from '../../agent/ballasts.ts';
import { Clearing, markedTables } from '../../agent/clearing.ts';
import type { Phase } from '../../schema/history.ts';
import { EVERY_NODE } from '../../change/define.ts';
import { millisecondsSince } from '../../util/clock.ts';
import type { Applied, Lab, LabOptions } from '../lab.ts';
import type { MachineLimit } from '../machine-limit.ts';
import type { Written } from './written.ts';

/** What a dry-run lab consists of. */
interface DryParts {
  readonly written: Written;
  readonly target: LabTarget & { readonly ballasts: Ballasts };
  readonly limit: MachineLimit;
  /** Ends everything but the limit. */
  readonly down: () => void;
  /** Whether the machine's limit is restored before the lab ends. */
  readonly limitFirst: boolean;
}

/** A lab with hosts in memory. A run on it prints what `--dry-run` shows; no load is offered. */
export class DryLab implements Lab {
  readonly lost: AbortSignal = new AbortController().signal;
  readonly #options: LabOptions;
  readonly #parts: DryParts;
  readonly #changes: AppliedChanges;
  readonly #clearing: Clearing;
  readonly #standing = new AsyncDisposableStack();

  constructor(options: LabOptions, parts: DryParts) {
    this.#options = options;
    this.#parts = parts;
    const { limit, down, limitFirst, written } = parts;
    const { protocol, sink } = options;
    this.#changes = new AppliedChanges(
      (change) => applyChange(change, parts.target),
      protocol.events,
      (event) => {
        sink({ ...event, t: this.#now() });
      },
    );
    this.#clearing = clearingOf(options, parts.target);
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

  /** Clears what a burst would leave, as a measuring lab does. */
  async capacity(): Promise<undefined> {
    this.#clearing.used();
    await this.clear();
    return undefined;
  }

  async phase(phase: Phase, _: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { cycle, stage } = phase;
    const { written } = this.#parts;
    const { protocol, sink } = this.#options;
    const { demand, background } = protocol;
    const beside = Object.entries(background).map(([name, { kind }]) => `, and ${name} (${kind})`);
    const what = `the demand is offered once (${demand.kind})${beside.join('')}`;
    this.#clearing.used();
    written.remark(`[lab] phase ${cycle} ${stage}: ${what}`);
    sink({ type: 'phase', t: this.#now(), phase, edge: 'start' });
    await this.#changes.scheduled.rehearse(cycle, (at) => {
      written.remark(`[lab] ${String(at)} s into the phase:`);
    });
    sink({ type: 'phase', t: this.#now(), phase, edge: 'end' });
  }

  async apply(change: Change, cycle: string): Promise<Applied> {
    const { limit } = this.#parts;
    if (limit.concerns(change)) return limit.apply(change, cycle);
    const id = await this.#changes.apply(change, cycle);
    return { undo: () => this.#changes.undo(id) };
  }

  clear(): Promise<void> {
    return this.#clearing.clear();
  }

  shells(): readonly string[] {
    return [];
  }

  #now(): number {
    return millisecondsSince(this.#options.epoch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#standing.disposeAsync();
  }
}

/** As an agent clears its tables. */
function clearingOf({ protocol, squeeze }: LabOptions, target: DryParts['target']): Clearing {
  const nodes = target.nodes(EVERY_NODE);
  const pods = Object.entries(protocol.topology.pods).flatMap(([set, { ownTable }]) =>
    ownTable === true ? target.pods(set) : [],
  );
  const hosts = new Map([...nodes, ...pods].map((host) => [host.name, host]));
  return new Clearing(
    markedTables(protocol, squeeze, { nodes: namesOf(nodes), pods: namesOf(pods) }),
    (name) => {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`there is no table of ${name}`);
      return host;
    },
    target.ballasts,
  );
}

function namesOf(hosts: readonly { readonly name: string }[]): readonly string[] {
  return hosts.map(({ name }) => name);
}
