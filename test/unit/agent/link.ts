import { afterEach, beforeEach, vi } from 'vitest';
import type { z } from 'zod';
import { Answers, type AgentWork } from '../../../src/agent/answer.ts';
import { Asked } from '../../../src/agent/asked.ts';
import type { AgentEnvironment } from '../../../src/agent/agent-environment.ts';
import type { Recording } from '../../../src/agent/recording.ts';
import { messageSchema, type Message } from '../../../src/agent/rpc.ts';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { stub } from '../support/stub.ts';

/** What every agent is told first. */
export const UP = { method: 'up', protocol: PROTOCOL, squeeze: 'ballast', seed: 1, epoch: '0' } as const;

/** One direction of a link: what is sent arrives later, in order, as JSON. Once it is cut nothing arrives. */
class Queue<T> {
  readonly #arrive: (message: unknown) => void;
  #cut = false;

  constructor(arrive: (message: unknown) => void) {
    this.#arrive = arrive;
  }

  readonly send = (message: T): void => {
    const text = JSON.stringify(message);
    queueMicrotask(() => {
      if (!this.#cut) this.#arrive(JSON.parse(text));
    });
  };

  cut(): void {
    this.#cut = true;
  }
}

export interface Link<Ask extends object> {
  readonly asked: Asked<Ask>;
  /** What the agent has observed. */
  readonly events: readonly HistoryEvent[];
  /** The agent's process ends: nothing arrives any more, in either direction. */
  readonly lose: (why: string) => void;
}

/**
 * The harness and an agent in one process, with a queue in each direction in place of the pipe between two.
 *
 * @param schema of what the agent is asked
 * @param agent answers a request by what it says
 */
export function linkTo<Ask extends object>(
  schema: z.ZodType<Ask & { id: number }>,
  agent: (say: (message: Message) => void) => (request: Ask & { id: number }) => unknown,
  sink: (event: HistoryEvent) => void = () => undefined,
): Link<Ask> {
  const events: HistoryEvent[] = [];
  const toHarness = new Queue<Message>((message) => {
    asked.receive(messageSchema.parse(message));
  });
  const answer = agent(toHarness.send);
  const toAgent = new Queue<Ask & { id: number }>((request) => {
    answer(schema.parse(request));
  });
  const asked = new Asked<Ask>(toAgent.send, (seen) => {
    events.push(...seen);
    seen.forEach(sink);
  });
  return {
    asked,
    events,
    lose: (why) => {
      toAgent.cut();
      toHarness.cut();
      asked.fail(why);
    },
  };
}

const IDLE: AgentWork = {
  hold: () => Promise.resolve(),
  phase: () => Promise.resolve(),
  apply: () => Promise.resolve(1),
  undo: () => Promise.resolve(),
  undoAll: () => Promise.resolve(),
  capacity: () => Promise.resolve(0),
  clear: () => Promise.resolve(),
  disconnect: () => undefined,
};

/** Answers whose work is in memory: what a test does not give does nothing. */
export function answersOf(
  say: (message: Message) => void,
  work: (recording: Recording) => Partial<AgentWork>,
): Answers {
  const environment = stub<AgentEnvironment>();
  return new Answers(
    () => Promise.resolve(environment),
    say,
    (_, __, recording) => Promise.resolve({ ...IDLE, ...work(recording) }),
  );
}

/** For a file of tests: a recording hands its events on for as long as its process lives, so here only when it is told to. */
export function deliverOnDemand(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
