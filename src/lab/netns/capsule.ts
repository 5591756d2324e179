import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NetNamespace } from '../../kernel/netns.ts';
import { NotRestored } from '../agent/done.ts';
import { messageSchema, type Ask, type Message } from '../agent/rpc.ts';
import type { HistoryEvent } from '../../run/history.ts';

/**
 * Process 1 of a capsule: a shell that starts the agent and waits for it, reaping orphans as `wait` does.
 * Beside it, `cat` blocks on the lifeline, the harness' end of standard input: end of file kills the agent,
 * the shell's wait ends, and with process 1 the kernel ends every process, link, rule and table in here.
 */
const REAPER = `exec 5<&0
"$@" </dev/null 5<&- &
agent=$!
{ cat <&5 >/dev/null 3>&-; kill -KILL $agent; } 3>&- &
exec 3>&- 5<&-
wait $agent`;

/**
 * The command that starts a capsule. The parent-death signal is the belt to the lifeline's braces:
 * `unshare --kill-child` covers only the death of unshare itself.
 */
export function capsuleCommand(privileged: boolean, program: readonly string[]): readonly string[] {
  const user = privileged ? [] : ['--user', '--map-root-user'];
  return [
    ...['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...user],
    ...['--mount', '--propagation', 'private', '--pid', '--net', '--ipc', '--uts'],
    ...['--fork', '--kill-child', '--mount-proc', '--'],
    ...['sh', '-c', REAPER, 'reaper', ...program],
  ];
}

const AGENT = fileURLToPath(
  new URL(`./agent${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
/** A small heap: a churn of requests leaves garbage, and two labs share the machine with whatever else is on it. */
const AGENT_OPTIONS = ['--no-warnings', '--max-old-space-size=192', '--max-semi-space-size=4'];
const STDERR_KEPT = 4096;

/** A capsule and the agent in it, over Node's own message channel. */
export class Capsule implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, PromiseWithResolvers<number | undefined>>();
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #lost = new AbortController();
  readonly #onEvents: (events: readonly HistoryEvent[]) => void;
  #stderr = '';
  #next = 1;
  #closing = false;

  private constructor(
    privileged: boolean,
    onEvents: (events: readonly HistoryEvent[]) => void,
    withMachine: boolean,
  ) {
    this.#onEvents = onEvents;
    const [command = '', ...args] = capsuleCommand(privileged, [process.execPath, ...AGENT_OPTIONS, AGENT]);
    using machine = withMachine ? NetNamespace.open('/proc/self/ns/net') : undefined;
    // A process group of its own: Ctrl-C is the harness' to handle, so that it can still record and undo.
    this.#process = spawn(command, args, {
      stdio: ['pipe', 'ignore', 'pipe', 'ipc', ...(machine ? [machine.fd] : [])],
      detached: true,
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.#process.on('message', (message) => {
      this.#receive(messageSchema.parse(message));
    });
    this.#process.on('error', (error) => {
      this.#fail(`can't start ${command}: ${error.message}`);
    });
    this.#process.on('close', () => {
      this.#fail(
        this.#stderr.trim().split('\n').slice(-3).join(' ') || 'its first process was ended from outside',
      );
    });
    this.#process.stdin?.on('error', () => undefined);
  }

  /**
   * @param withMachine give it the machine’s own network namespace, as descriptor MACHINE_FD
   * @throws Error with the last words of what failed, if namespaces can't be had
   */
  static async open(
    privileged: boolean,
    onEvents: (events: readonly HistoryEvent[]) => void,
    signal: AbortSignal,
    withMachine = false,
  ): Promise<Capsule> {
    const capsule = new Capsule(privileged, onEvents, withMachine);
    try {
      await capsule.#orAborted(capsule.#ready.promise, signal);
      return capsule;
    } catch (error) {
      await capsule[Symbol.asyncDispose]();
      throw error;
    }
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** The capsule's first process as this machine numbers it, for the line that opens a shell in it. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  async ask(request: Ask, signal: AbortSignal): Promise<number | undefined> {
    this.#lost.signal.throwIfAborted();
    signal.throwIfAborted();
    const id = this.#next++;
    const answer = Promise.withResolvers<number | undefined>();
    this.#pending.set(id, answer);
    this.#process.send({ ...request, id });
    return this.#orAborted(answer.promise, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    if (
      this.#process.pid === undefined ||
      this.#process.exitCode !== null ||
      this.#process.signalCode !== null
    )
      return;
    const closed = once(this.#process, 'close');
    // The parent-death signal of process 1 ends the rest; the lifeline's own end is for when we can't do this.
    this.#process.kill('SIGKILL');
    await closed;
  }

  #receive(message: Message): void {
    if ('ready' in message) this.#ready.resolve(undefined);
    else if ('events' in message) this.#onEvents(message.events);
    else {
      const answer = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if ('error' in message) answer?.reject(errorOf(message));
      else answer?.resolve(message.result);
    }
  }

  #fail(why: string): void {
    const error = new Error(`the lab is gone: ${why}`);
    if (!this.#closing) this.#lost.abort(error);
    this.#ready.reject(error);
    this.#ready.promise.catch(() => undefined);
    for (const answer of this.#pending.values()) answer.reject(error);
    this.#pending.clear();
  }

  async #orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    using aborted = onAbort(signal);
    return await Promise.race([promise, aborted.promise]);
  }
}

/** An error from the other side, as what it was there. */
function errorOf({ error, notRestored }: Extract<Message, { error: string }>): Error {
  return notRestored === true ? new NotRestored(error) : new Error(error);
}

/** A promise that rejects when a signal aborts, and that leaves no listener behind. */
function onAbort(signal: AbortSignal): Disposable & { readonly promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const listener = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', listener, { once: true });
  return {
    promise,
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', listener);
    },
  };
}
