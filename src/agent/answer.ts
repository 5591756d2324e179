import type { Trace } from '../host/traced.ts';
import { AgentLab } from './agent-lab.ts';
import { isNotRestored } from '../util/not-restored.ts';
import type { Ground } from './ground.ts';
import { Recording } from './recording.ts';
import type { Message, Request } from './rpc.ts';
import { messageOf } from '../util/settled.ts';

type Up = Extract<Request, { method: 'up' }>;

/** Does what the harness asks, and answers each request once; several may be under way. */
export class Answers {
  readonly #ground: (request: Up, trace: Trace) => Promise<Ground>;
  readonly #say: (message: Message) => void;
  #lab: AgentLab | undefined;

  /** @param ground makes or finds what the agent works on, when it is told to come up; what it tells hosts is traced */
  constructor(ground: (request: Up, trace: Trace) => Promise<Ground>, say: (message: Message) => void) {
    this.#ground = ground;
    this.#say = say;
  }

  async answer(request: Request): Promise<void> {
    const { id } = request;
    try {
      const result = await this.#do(request);
      this.#say(result === undefined ? { id } : { id, result });
    } catch (error) {
      const message = messageOf(error);
      this.#say({ id, error: message, notRestored: isNotRestored(error) });
    }
  }

  /** Undoes every change that still stands, the latest first. */
  async undoAll(): Promise<void> {
    await this.#lab?.undoAll();
  }

  async #do(request: Request): Promise<number | undefined> {
    if (request.method === 'up') {
      const recording = new Recording(BigInt(request.epoch), (events) => {
        this.#say({ events });
      });
      const ground = await this.#ground(request, recording.trace);
      this.#lab = await AgentLab.up(request, ground, recording);
      return undefined;
    }
    if (this.#lab === undefined) throw new Error(`${request.method} before up`);
    switch (request.method) {
      case 'hold':
        await this.#lab.hold();
        return undefined;
      case 'phase':
        await this.#lab.phase(request.phase, request.step, request.conditions);
        return undefined;
      case 'apply':
        return this.#lab.apply(request.change, request.cycle);
      case 'undo':
        await this.#lab.undo(request.applied);
        return undefined;
      case 'capacity':
        return this.#lab.capacity(request.load);
      case 'clear':
        this.#lab.clear();
        return undefined;
    }
  }
}
