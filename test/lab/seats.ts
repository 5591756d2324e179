import { WebSocket } from 'ws';
import type { LearnerView, RoomView } from '../../src/workshop/seats/view.ts';
import { start } from './command.ts';
import { until } from './standing.ts';

/** A class that runs, and its trainer’s page. */
export async function startClass(state: string, args: readonly string[], before: readonly string[] = []) {
  const words = ['env', `XDG_STATE_HOME=${state}`, ...before];
  const running = start(['workshop', ...args, '--listen', '127.0.0.1:0'], 'nobody', state, words);
  let said = '';
  for (const stream of [running.process.stdout, running.process.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  const over = running.process.then(({ exitCode }) => {
    if (!said.includes('http:')) throw new Error(`it ended with ${String(exitCode)}: ${said}`);
  });
  await Promise.race([until(/http:\S+/, () => said), over]);
  return { ...running, said: () => said, url: /http:\S+/.exec(said)?.[0] ?? '' };
}

/** A page that is connected: what it was sent last, and what it sends. */
export class Page<V> implements Disposable {
  readonly #socket: WebSocket;
  #view: V | undefined;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
    this.#socket.on('message', (data: Buffer) => {
      this.#view = JSON.parse(data.toString()) as V;
    });
    this.#socket.on('error', () => undefined);
  }

  get text(): string {
    return JSON.stringify(this.#view ?? null, undefined, 1);
  }

  /** Waits until the page shows what it should. @throws Error with what it shows */
  async shows(what: RegExp): Promise<V> {
    await until(what, () => this.text);
    return JSON.parse(this.text) as V;
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

export type TrainersPage = Page<RoomView>;
export type LearnersPage = Page<LearnerView>;

/** A terminal of a seat that is open. */
export class Terminal implements Disposable {
  readonly #socket: WebSocket;
  #shown = '';

  constructor(seat: string, place: string) {
    this.#socket = new WebSocket(`${seat.replace('http', 'ws')}/terminal?place=${place}`);
    this.#socket.on('message', (data: Buffer) => (this.#shown += data.toString()));
    this.#socket.on('close', (_code, reason) => (this.#shown += `[${reason.toString()}]`));
    this.#socket.on('error', () => undefined);
  }

  /** Types once the shell has its prompt. @returns what it showed until `done` */
  async type(text: string, done: RegExp): Promise<string> {
    await until(/[#$] $/, () => this.#shown);
    this.#socket.send(Buffer.from(text));
    await until(done, () => this.#shown);
    return this.#shown;
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

/** Types into a terminal of a seat, and closes it. @returns what it showed until `done` */
export async function typeInto(seat: string, place: string, text: string, done: RegExp): Promise<string> {
  using terminal = new Terminal(seat, place);
  return await terminal.type(text, done);
}

/** The status of an attempt to open a socket, where it is refused. */
export async function refused(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers });
  socket.on('error', () => undefined);
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_request, { statusCode }) => {
    resolve(statusCode ?? 0);
  });
  socket.on('open', () => {
    resolve(101);
  });
  const status = await promise;
  socket.terminate();
  return status;
}
