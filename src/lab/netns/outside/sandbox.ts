import { lastWords } from '../last-words.ts';
import type { Words } from '../../../host/host.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NetNamespace } from '../../../kernel/netns.ts';
import { Asked } from '../../../agent/asked.ts';
import { messageSchema, type Ask } from '../../../agent/rpc.ts';
import type { HistoryEvent } from '../../../schema/history.ts';

/**
 * Process 1 of a sandbox: a shell that starts the agent and waits for it, reaping orphans as `wait` does.
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
 * The command that starts a sandbox. The parent-death signal is the belt to the lifeline's braces:
 * `unshare --kill-child` covers only the death of unshare itself.
 */
export function sandboxCommand(privileged: boolean, program: readonly string[]): Words {
  const user = privileged ? [] : ['--user', '--map-root-user'];
  return [
    'setpriv',
    ...['--pdeathsig', 'KILL', '--', 'unshare', ...user],
    ...['--mount', '--propagation', 'private', '--pid', '--net', '--ipc', '--uts'],
    ...['--fork', '--kill-child', '--mount-proc', '--'],
    ...['sh', '-c', REAPER, 'reaper', ...program],
  ];
}

export const AGENT = fileURLToPath(
  new URL(`../inside/agent${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
/** A small heap: a churn of requests leaves garbage, and two labs share the machine with whatever else is on it. */
export const AGENT_OPTIONS = ['--no-warnings', '--max-old-space-size=192', '--max-semi-space-size=4'];
const STDERR_KEPT = 4096;

/** A sandbox and the agent in it, over Node's own message channel. */
export class Sandbox implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #asked: Asked<Ask>;
  #stderr = '';

  private constructor(
    privileged: boolean,
    onEvents: (events: readonly HistoryEvent[]) => void,
    withMachine: boolean,
  ) {
    this.#asked = new Asked((request) => this.#process.send(request), onEvents);
    const [command, ...args] = sandboxCommand(privileged, [process.execPath, ...AGENT_OPTIONS, AGENT]);
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
      this.#asked.receive(messageSchema.parse(message));
    });
    this.#process.on('error', (error) => {
      this.#gone(`can't start ${command}: ${error.message}`);
    });
    this.#process.on('close', () => {
      this.#gone(lastWords(this.#stderr) ?? 'its first process was ended from outside');
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
  ): Promise<Sandbox> {
    const sandbox = new Sandbox(privileged, onEvents, withMachine);
    try {
      await sandbox.#asked.ready(signal);
      return sandbox;
    } catch (error) {
      await sandbox[Symbol.asyncDispose]();
      throw error;
    }
  }

  get lost(): AbortSignal {
    return this.#asked.lost;
  }

  /** The sandbox's first process as this machine numbers it, for the line that opens a shell in it. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  ask(request: Ask, signal: AbortSignal): Promise<number | undefined> {
    return this.#asked.ask(request, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#asked.closing();
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

  #gone(why: string): void {
    this.#asked.fail(`the lab is gone: ${why}`);
  }
}
