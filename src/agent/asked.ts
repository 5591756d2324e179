import type { HistoryEvent } from '../schema/history.ts';
import { orAborted } from '../util/or-aborted.ts';
import { notRestored as asNotRestored } from '../util/not-restored.ts';
import type { Message } from './rpc.ts';

/** Client side of the agent RPC, independent of the transport. Every request gets one response. */
export class Asked<Ask extends object> {
  readonly #send: (request: Ask & { id: number }) => void;
  readonly #onEvents: (events: readonly HistoryEvent[]) => void;
  readonly #pending = new Map<number, PromiseWithResolvers<number | undefined>>();
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #lost = new AbortController();
  #next = 1;
  #closing = false;

  constructor(
    send: (request: Ask & { id: number }) => void,
    onEvents: (events: readonly HistoryEvent[]) => void,
  ) {
    this.#send = send;
    this.#onEvents = onEvents;
  }

  /** Aborts when the agent ends unexpectedly. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Resolves once the agent has reported that it is ready. */
  async ready(signal: AbortSignal): Promise<void> {
    await orAborted(this.#ready.promise, signal);
  }

  /** @returns what `apply`, `capacity` and a node's `syncs` are answered by; see `numberOf` */
  async ask(request: Ask, signal: AbortSignal): Promise<number | undefined> {
    this.#lost.signal.throwIfAborted();
    signal.throwIfAborted();
    const id = this.#next++;
    const answer = Promise.withResolvers<number | undefined>();
    this.#pending.set(id, answer);
    this.#send({ ...request, id });
    return orAborted(answer.promise, signal);
  }

  receive(message: Message): void {
    if ('ready' in message) this.#ready.resolve(undefined);
    else if ('events' in message) this.#onEvents(message.events);
    else {
      const answer = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if ('error' in message) answer?.reject(errorOf(message));
      else answer?.resolve(message.result);
    }
  }

  /** Expect the agent to exit; do not report it as lost. */
  closing(): void {
    this.#closing = true;
  }

  /** Rejects every pending request: the agent is gone. */
  fail(why: string): void {
    const error = new Error(why);
    if (!this.#closing) this.#lost.abort(error);
    this.#ready.reject(error);
    this.#ready.promise.catch(() => undefined);
    for (const answer of this.#pending.values()) answer.reject(error);
    this.#pending.clear();
  }
}

/** The number that a request is answered by. @throws Error where the answer has none */
export async function numberOf(answer: Promise<number | undefined>): Promise<number> {
  const number = await answer;
  if (number === undefined) throw new Error('the agent answered without a number');
  return number;
}

/** Restores the error's class. */
function errorOf({ error, notRestored }: Extract<Message, { error: string }>): Error {
  return notRestored === true ? asNotRestored(error) : new Error(error);
}
