import { lastWords } from '../last-words.ts';
import type { Words } from '../../../host/host.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NetNamespace } from '../../../kernel/netns.ts';
import { Asked } from '../../../agent/asked.ts';
import { messageSchema, type Ask } from '../../../agent/rpc.ts';
import type { HistoryEvent } from '../../../schema/history.ts';
import { siblingModule } from '../../../util/sibling-module.ts';

/**
 * Process 1 of a sandbox: a shell that starts the agent and waits, reaping orphans as `wait` does. Beside it,
 * `cat` blocks on the lifeline, the harness's end of standard input. End of file kills the agent and ends the
 * wait; with process 1 the kernel ends every process, link, rule and table in the sandbox.
 */
const REAPER = `exec 5<&0
"$@" </dev/null 5<&- &
agent=$!
{ cat <&5 >/dev/null 3>&-; kill -KILL $agent; } 3>&- &
exec 3>&- 5<&-
wait $agent`;

/**
 * The command that starts a sandbox. The parent-death signal backs up the lifeline: `unshare --kill-child`
 * covers only the death of unshare itself.
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

const AGENT = fileURLToPath(siblingModule(import.meta.url, '../inside/agent'));
/** A small heap: requests leave garbage, and two labs share the machine. */
export const AGENT_OPTIONS = ['--no-warnings', '--max-old-space-size=192'];
const STDERR_KEPT = 4096;
/** For the agent's last request, ms. */
const DISCONNECT_MS = 2_000;

/** A sandbox and its agent, over Node's message channel. */
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
    // Its own process group: the harness handles Ctrl-C, so that it can still record and undo.
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
      this.#gone(lastWords(this.#stderr) ?? 'its first process was killed from outside');
    });
    this.#process.stdin?.on('error', () => undefined);
  }

  /**
   * @param withMachine passes the machine’s network namespace as descriptor MACHINE_FD
   * @throws Error with the last output of what failed, where namespaces are unavailable
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

  /** The machine's pid of the sandbox's first process, for `nsenter`. */
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
    // Sending may emit an error, on which once() of node:events would reject.
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    // The agent may be stopped, or its lab may not be up.
    await this.ask({ method: 'disconnect' }, AbortSignal.timeout(DISCONNECT_MS)).catch(() => undefined);
    // The parent-death signal of process 1 ends the rest; the lifeline covers the case that this can't run.
    this.#process.kill('SIGKILL');
    await closed;
  }

  #gone(why: string): void {
    this.#asked.fail(`the lab is gone: ${why}`);
  }
}
