import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { flockArguments } from './flock.ts';
import { replySchema } from './watchdog-protocol.ts';
import type { Reply, Request } from './watchdog-protocol.ts';
import { siblingModule } from '../util/sibling-module.ts';

/** The harness's end of the watchdog: requests on its standard input, replies in the same order. */
export interface WatchdogProcess {
  readonly send: (request: Request) => void;
  /** The next reply, or undefined if the watchdog ended first. */
  readonly next: () => Promise<Reply | undefined>;
  /** Closes the lifeline: the watchdog restores, replies `closed` and exits with 0. */
  readonly end: () => void;
  /** For a watchdog with nothing to restore yet, or one that does not finish. */
  readonly kill: () => void;
  /** Its exit code, undefined if a signal killed it. */
  readonly ended: Promise<number | undefined>;
}

const ENTRY = fileURLToPath(siblingModule(import.meta.url, './watchdog'));

/** Starts a watchdog in its own session. It replies `ready` once it holds the lock, within `waitMs`. */
export function startWatchdog(journal: string, waitMs: number): WatchdogProcess {
  const command = [...flockArguments('exclusive', waitMs), process.execPath, ENTRY, journal];
  const child = execa('flock', command, {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stderr: 'inherit',
    cwd: '/',
  });
  const lines = child.iterable();
  return {
    send: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
    },
    next: async () => {
      const line = await lines.next();
      return line.done === true ? undefined : replySchema.parse(JSON.parse(line.value));
    },
    end: () => {
      child.stdin.end();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended: child.then(({ exitCode }) => exitCode),
  };
}
