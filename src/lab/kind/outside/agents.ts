import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers/promises';
import type { HistoryEvent } from '../../../schema/history.ts';
import { messageSchema } from '../../../agent/rpc.ts';
import { Asked } from '../../../agent/asked.ts';
import { ANSWER_MS, RENEW_MS, type NodeAsk } from '../agent-rpc.ts';
import type { Api } from './api/api.ts';
import { answered } from './api/api-objects.ts';

/** Length of an agent's standard error that is kept, characters. */
const STDERR_KEPT = 2048;

/** The agent of one node, controlled through the API server while this object lives. */
export class AgentLink implements AsyncDisposable {
  /** The node's name in the scenario. */
  readonly node: string;
  readonly #asked: Asked<NodeAsk>;
  readonly #ended = new AbortController();

  private constructor(node: string, asked: Asked<NodeAsk>) {
    this.node = node;
    this.#asked = asked;
  }

  /**
   * Starts the process that works the node, and renews its lease.
   *
   * @param command its program in the agent's pod
   * @throws Error with its last output where it does not start
   */
  static async open(
    {
      api,
      namespace,
      pod,
      node,
      command,
    }: { api: Api; namespace: string; pod: string; node: string; command: readonly string[] },
    onEvents: (events: readonly HistoryEvent[]) => void,
    signal: AbortSignal,
  ): Promise<AgentLink> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let lastWords = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-STDERR_KEPT);
    });
    const asked = new Asked<NodeAsk>((request) => stdin.write(`${JSON.stringify(request)}\n`), onEvents);
    createInterface({ input: stdout }).on('line', (line) => {
      asked.receive(messageSchema.parse(JSON.parse(line)));
    });
    const starting = api.exec.exec(namespace, pod, 'agent', [...command], stdout, stderr, stdin, false);
    const socket = await answered(`start the agent on ${node}`, starting);
    socket.onclose = () => {
      asked.fail(
        `the agent on ${node} is gone: ${lastWords.trim().split('\n').slice(-3).join(' ') || 'its stream ended'}`,
      );
    };
    const link = new AgentLink(node, asked);
    try {
      await asked.ready(signal);
    } catch (error) {
      socket.close();
      throw error;
    }
    void link.#keepLease();
    return link;
  }

  /** Aborts when the agent is gone. */
  get lost(): AbortSignal {
    return this.#asked.lost;
  }

  ask(request: NodeAsk, signal: AbortSignal): Promise<number | undefined> {
    return this.#asked.ask(request, signal);
  }

  /** Has the agent restore its node. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    if (this.lost.aborted) return;
    this.#asked.closing();
    await this.ask({ method: 'down' }, AbortSignal.timeout(RENEW_MS * 2));
  }

  async #keepLease(): Promise<void> {
    const { signal } = this.#ended;
    try {
      for await (const _ of setInterval(RENEW_MS, undefined, { signal, ref: false }))
        await this.ask({ method: 'renew' }, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]));
    } catch {
      // The run or the agent has ended, which `lost` tells; otherwise the agent is unreachable.
      if (!signal.aborted)
        this.#asked.fail(`the agent on ${this.node} has not answered for ${String(ANSWER_MS / 1000)} s`);
    }
  }
}
