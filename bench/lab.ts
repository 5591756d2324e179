/** A lab for a bench, made as runs make theirs: its agent, and its namespaces for the other generators. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { flushMark } from '../src/kernel/ctnetlink.ts';
import { openTable, type Table } from '../src/kernel/counters.ts';
import { NetNamespace } from '../src/kernel/netns.ts';
import { AGENT_OPTIONS } from '../src/lab/netns/outside/sandbox.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Only the fields that a bench reads: the agent may be of another version. */
const messageSchema = z.union([
  z.looseObject({ ready: z.literal(true) }),
  z.looseObject({ events: z.array(z.looseObject({ type: z.string() })) }),
  z.looseObject({ id: z.number(), result: z.number().optional(), error: z.string().optional() }),
]);
const outcomesSchema = z.object({
  type: z.literal('outcomes'),
  outcome: z.string(),
  due: z.array(z.number()),
  latency: z.array(z.number()),
});
const totalsSchema = z.object({
  type: z.literal('totals'),
  edge: z.enum(['start', 'end']),
  totals: z.record(z.string(), z.number()),
});

/** A protocol as sent to an agent; untyped, because each version checks it by its own schema. */
export type RawProtocol = Readonly<Record<string, unknown>>;

/** The result of one offer of the demand. */
export interface Offered {
  readonly ok: number;
  readonly failed: number;
  /** The most frequent failure, in the client's words. */
  readonly failure: string | undefined;
  /** From the due time of the first request to the end of the last. */
  readonly seconds: number;
  /** Differences of totals over the phase. */
  readonly totals: Readonly<Record<string, number>>;
  /** CPU time of the agent, client and server together, µs. */
  readonly cpu: number;
}

type Event = Readonly<Record<string, unknown>>;

/** The agent of a lab, started in its own namespaces within the sandbox. */
export class BenchLab implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, PromiseWithResolvers<number>>();
  readonly #namespaces = new Map<string, NetNamespace>();
  readonly #ready = Promise.withResolvers<undefined>();
  #events: Event[] = [];
  #next = 1;
  /** How a phase is offered, if this version has the setting: at full pace, with no allowance. */
  readonly #conditions: Readonly<Record<string, unknown>>;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    const rpc = readFileSync(firstOf(root, 'src/agent/rpc.ts', 'src/lab/agent/rpc.ts'), 'utf8');
    this.#conditions = rpc.includes('conditions') ? { conditions: { pace: 1, slack: 0 } } : {};
    const agent = firstOf(root, 'src/lab/netns/inside/agent.ts', 'src/lab/netns/agent.ts');
    const program = [process.execPath, ...AGENT_OPTIONS, agent];
    this.#process = spawn('unshare', ['--mount', '--net', '--propagation', 'private', '--', ...program], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (message) => {
      this.#receive(messageSchema.parse(message));
    });
    this.#process.on('error', (error) => {
      this.#fail(error);
    });
    this.#process.on('close', () => {
      this.#fail(new Error('the agent of the lab ended'));
    });
  }

  /** @param root the checkout of the agent */
  static async open(protocol: RawProtocol, { root = ROOT, squeeze = 'ballast' } = {}): Promise<BenchLab> {
    const lab = new BenchLab(root);
    try {
      await lab.#ready.promise;
      const epoch = String(process.hrtime.bigint());
      await lab.ask({ method: 'up', protocol: spoken(lab.#root, protocol), squeeze, seed: 1, epoch });
      await lab.ask({ method: 'hold' });
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The namespace of a node or a pod. */
  namespace(name: string): NetNamespace {
    const known = this.#namespaces.get(name);
    if (known !== undefined) return known;
    const space = NetNamespace.open(`/proc/${String(this.pid)}/root/run/netns/${name}`);
    this.#namespaces.set(name, space);
    return space;
  }

  table(node: string): Table {
    return openTable(this.namespace(node));
  }

  /**
   * Deletes every entry of these nodes' tables, whatever its mark, so that the next measurement starts
   * empty.
   */
  async clear(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) await flushMark(this.namespace(node), 0, 0);
  }

  async ask(request: Readonly<Record<string, unknown>>): Promise<number> {
    const id = this.#next++;
    const answer = Promise.withResolvers<number>();
    this.#pending.set(id, answer);
    this.#process.send({ ...request, id });
    return answer.promise;
  }

  /** Applies a change while `work` runs. */
  async with<T>(change: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
    const applied = await this.ask({ method: 'apply', change, cycle: 'bench' });
    try {
      return await work();
    } finally {
      await this.ask({ method: 'undo', applied });
    }
  }

  /** Offers the demand once, as a phase without the fault. */
  async offer(cpuOf: (pid: number) => number): Promise<Offered> {
    const phase = { cycle: 'symptom', stage: 'baseline' };
    const take = (step: string): Promise<number> =>
      this.ask({ method: 'phase', phase, step, ...this.#conditions });
    this.#events = [];
    await take('begin');
    const before = cpuOf(this.pid);
    await take('offer');
    const cpu = cpuOf(this.pid) - before;
    await take('end');
    return { ...offeredBy(this.#events), cpu };
  }

  #fail(error: Error): void {
    this.#ready.reject(error);
    this.#ready.promise.catch(() => undefined);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #receive(message: z.infer<typeof messageSchema>): void {
    if ('ready' in message) this.#ready.resolve(undefined);
    else if ('events' in message) this.#events.push(...(message.events as Event[]));
    else {
      const { id, result, error } = message as { id: number; result?: number; error?: string };
      if (error === undefined) this.#pending.get(id)?.resolve(result ?? 0);
      else this.#pending.get(id)?.reject(new Error(error));
      this.#pending.delete(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const space of this.#namespaces.values()) space.close();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await closed;
  }
}

function offeredBy(events: readonly Event[]): Omit<Offered, 'cpu'> {
  const outcomes = events
    .filter(({ type }) => type === 'outcomes')
    .map((event) => outcomesSchema.parse(event));
  let [first, last, ok] = [Infinity, 0, 0];
  const failures = new Map<string, number>();
  for (const { outcome, due, latency } of outcomes) {
    if (outcome === 'ok') ok += due.length;
    else failures.set(outcome, (failures.get(outcome) ?? 0) + due.length);
    due.forEach((at, i) => {
      first = Math.min(first, at);
      last = Math.max(last, at + (latency[i] ?? 0));
    });
  }
  const totals: Record<string, number> = {};
  for (const { edge, totals: read } of events
    .filter(({ type }) => type === 'totals')
    .map((event) => totalsSchema.parse(event))) {
    for (const [name, count] of Object.entries(read))
      totals[name] = (totals[name] ?? 0) + (edge === 'end' ? count : -count);
  }
  const [[failure] = [undefined]] = [...failures].toSorted(([, a], [, b]) => b - a);
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  return { ok, failed, failure, seconds: Math.max(0, last - first) / 1000, totals };
}

/** A protocol in the words of a checkout: the figure that a remedy must lower had another name before. */
function spoken(root: string, protocol: RawProtocol): RawProtocol {
  const schema = readFileSync(firstOf(root, 'src/schema/protocol.ts', 'src/scenario/protocol.ts'), 'utf8');
  if (schema.includes('loss: ')) return protocol;
  const { loss, ...symptom } = z.looseObject({ loss: z.string() }).parse(protocol.symptom);
  return { ...protocol, symptom: { ...symptom, unmet: loss } };
}

/** The first of these files that exists in a checkout: another version may keep it elsewhere. */
function firstOf(root: string, ...paths: readonly [string, ...string[]]): string {
  return join(root, paths.find((path) => existsSync(join(root, path))) ?? paths[0]);
}
