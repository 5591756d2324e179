import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { flockArguments } from './flock.ts';
import { replySchema } from './watchdog-protocol.ts';
import type { Reply, Request } from './watchdog-protocol.ts';

/** The harness's end of the watchdog: requests go down its standard input, replies come up in the same order. */
export interface WatchdogProcess {
  readonly send: (request: Request) => void;
  /** The next reply, or undefined if the watchdog ended first. */
  readonly next: () => Promise<Reply | undefined>;
  /** Lets go of the lifeline: the watchdog restores, says `closed` and exits with 0. */
  readonly end: () => void;
  /** For a watchdog that has nothing to restore yet, or does not get it done. */
  readonly kill: () => void;
  /** Its exit code, undefined if a signal killed it. */
  readonly ended: Promise<number | undefined>;
}

/** watchdog.ts beside the sources, watchdog.js in the published package. */
const ENTRY = fileURLToPath(new URL(`watchdog${extname(import.meta.url)}`, import.meta.url));

/** Starts a watchdog in a session of its own; it says `ready` once it holds the lock, within `waitMs`. */
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
