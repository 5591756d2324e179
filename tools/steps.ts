/**
 * Runs steps that take minutes: prints a line with the seconds of each, logs its output to a file, and
 * shows the end of a failed step's log.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { $, type LogEntry, ProcessOutput, type Shell } from 'zx';

/** Limit of one step; the longest builds Kubernetes, in some minutes on two cores. */
const LIMIT = '40m';
const SHOWN = 15;

export interface StepOptions {
  /** File for the output of the step's commands. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Stopped by a signal. */
class Interrupted extends Error {}

/** Aborts on SIGINT and SIGTERM; a part of a program may abort the others by it. */
export function interruptible(): AbortController {
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stopped.abort(new Interrupted());
    });
  return stopped;
}

/** Runs a program of steps: a failure is told, and sets the exit code. */
export async function program(
  main: () => Promise<void>,
  { signal, say }: Pick<StepOptions, 'signal' | 'say'>,
): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    const error: unknown = signal.aborted ? signal.reason : thrown;
    if (error instanceof Interrupted) {
      process.exitCode = 130;
    } else {
      say(error instanceof Needed || error instanceof StepFailed ? error.message : String(error));
      process.exitCode = 2;
    }
  }
}

/** Something that a person has to do first; the message says what. */
export class Needed extends Error {}

/** A failed step; the message has several lines, for a person. */
class StepFailed extends Error {}

/** The last lines of a failed step's log that may explain it: no downloads, no blank lines. */
export function explaining(log: string): readonly string[] {
  const lines = log
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^go: (downloading|extracting) /.test(line));
  return lines.slice(-SHOWN);
}

function textOf(entry: LogEntry): string | Buffer {
  if (entry.kind === 'stdout' || entry.kind === 'stderr') return entry.data;
  return entry.kind === 'cmd' ? `$ ${entry.cmd}\n` : '';
}

/**
 * Runs a step with a shell that logs everything.
 *
 * @throws StepFailed with the end of the log and its path; rethrows Needed, and the signal's reason
 */
export async function step<T>(
  name: string,
  options: StepOptions,
  work: (sh: Shell) => Promise<T>,
): Promise<T> {
  const { log, signal, say } = options;
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'w');
  const kept: (string | Buffer)[] = [];
  const note = (entry: LogEntry): void => {
    const text = textOf(entry);
    writeSync(file, Buffer.from(text));
    kept.push(text);
    // The end of the log explains a failure.
    if (kept.length > 400) kept.splice(0, 200);
  };
  // A user's PATH may lack the folders of root's programs.
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  const sh = $({ signal, timeout: LIMIT, quiet: true, log: note, env });
  const start = performance.now();
  try {
    const result = await work(sh);
    say(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  } catch (cause) {
    if (signal.aborted || cause instanceof Needed) throw cause;
    const printed = explaining(kept.join(''));
    // The log already has a failed command's own message.
    const own =
      cause instanceof ProcessOutput ? [] : [cause instanceof Error ? cause.message : String(cause)];
    const shown = [...printed, ...own].map((line) => `  ${line}`);
    throw new StepFailed([`${name} failed`, ...shown, `  all of it: ${log}`].join('\n'), { cause });
  } finally {
    closeSync(file);
  }
}
