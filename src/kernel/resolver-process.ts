import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NetNamespace } from './netns.ts';
import { resolverMessageSchema } from './resolver.ts';
import { siblingModule } from '../util/sibling-module.ts';

const PROGRAM = fileURLToPath(siblingModule(import.meta.url, './resolver'));

/** libuv gives lookups half of its threads (threadpool.c: slow I/O), so this many can wait at once. */
const THREADS = 1024;
export const AT_ONCE = THREADS / 2;

/** Outcome of a lookup whose resolver was killed. */
export const ENDED = 'resolver ended';

/** The resolver process of one pod. */
export class Resolver implements Disposable {
  readonly #process: ChildProcess;
  readonly #pod: NetNamespace;
  readonly #folder: string;
  readonly #waiting = new Map<number, (outcome: string) => void>();
  #next = 0;

  private constructor(process: ChildProcess, pod: NetNamespace, folder: string) {
    this.#process = process;
    this.#pod = pod;
    this.#folder = folder;
    process.on('message', (message) => {
      const said = resolverMessageSchema.parse(message);
      if ('ready' in said) return;
      this.#waiting.get(said.id)?.(said.outcome);
      this.#waiting.delete(said.id);
    });
    process.on('error', () => undefined);
    process.on('exit', () => {
      for (const answer of this.#waiting.values()) answer(ENDED);
      this.#waiting.clear();
    });
  }

  /** @param folder holds the pod's resolv.conf, nsswitch.conf and hosts */
  static async open(pod: NetNamespace, folder: string): Promise<Resolver> {
    const args = ['--mount', '--propagation', 'private', process.execPath, '--no-warnings', PROGRAM, folder];
    const child = pod.within(() =>
      spawn('unshare', args, {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, UV_THREADPOOL_SIZE: String(THREADS) },
      }),
    );
    const ended = once(child, 'exit').then(() => {
      throw new Error('a resolver process ended before it was ready');
    });
    ended.catch(() => undefined);
    await Promise.race([once(child, 'message'), ended]);
    return new Resolver(child, pod, folder);
  }

  /** Number of pending lookups. */
  get waiting(): number {
    return this.#waiting.size;
  }

  lookup(name: string): Promise<string> {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(id, resolve);
    if (this.#process.connected) this.#process.send({ id, name });
    else resolve(ENDED);
    return promise;
  }

  /** Returns this resolver, or a new one where lookups hang: only killing the process ends them. */
  async renewed(): Promise<Resolver> {
    if (this.waiting === 0) return this;
    this[Symbol.dispose]();
    return Resolver.open(this.#pod, this.#folder);
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }
}
