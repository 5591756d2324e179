import type { Trace } from '../host/traced.ts';
import { AgentLab } from './agent-lab.ts';
import { isNotRestored } from '../util/not-restored.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import { Recording } from './recording.ts';
import type { Message, Request, Up } from './rpc.ts';
import { messageOf } from '../util/error-text.ts';

/** What requests other than `up` go to. */
export type AgentWork = Pick<
  AgentLab,
  'hold' | 'phase' | 'apply' | 'undo' | 'undoAll' | 'capacity' | 'clear' | 'disconnect'
>;
type Open = (request: Up, environment: AgentEnvironment, recording: Recording) => Promise<AgentWork>;

/** Server side of the agent RPC. Each request gets one response; requests may run concurrently. */
export class Answers {
  readonly #environment: (request: Up, trace: Trace) => Promise<AgentEnvironment>;
  readonly #send: (message: Message) => void;
  readonly #open: Open;
  #lab: AgentWork | undefined;

  /**
   * @param environment makes or finds the lab's nodes on `up`; commands to hosts go to `trace`
   * @param open starts the agent's work on those nodes
   */
  constructor(
    environment: (request: Up, trace: Trace) => Promise<AgentEnvironment>,
    send: (message: Message) => void,
    open: Open = (...on) => AgentLab.up(...on),
  ) {
    this.#environment = environment;
    this.#send = send;
    this.#open = open;
  }

  async answer(request: Request): Promise<void> {
    const { id } = request;
    try {
      const result = await this.#do(request);
      this.#send(result === undefined ? { id } : { id, result });
    } catch (error) {
      const message = messageOf(error);
      this.#send({ id, error: message, notRestored: isNotRestored(error) });
    }
  }

  /** Undoes every applied change, latest first. */
  async undoAll(): Promise<void> {
    await this.#lab?.undoAll();
  }

  async #do(request: Request): Promise<number | undefined> {
    if (request.method === 'up') {
      const recording = new Recording(BigInt(request.epoch), (events) => {
        this.#send({ events });
      });
      const environment = await this.#environment(request, recording.trace);
      this.#lab = await this.#open(request, environment, recording);
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
        await this.#lab.clear();
        return undefined;
      case 'disconnect':
        this.#lab.disconnect();
        return undefined;
    }
  }
}
