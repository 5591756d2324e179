/** Steps of minutes, for a person: a line each with its seconds, a whole log in a file, and of a failure what explains it. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { $, type LogEntry, ProcessOutput, type Shell } from 'zx';

/** No step takes longer: the longest builds Kubernetes, in some minutes on two cores. */
const LIMIT = '40m';
const SHOWN = 15;

export interface StepOptions {
  /** Where all goes that the step's commands print. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Something that a person has to do first; the message says what. */
export class Needed extends Error {}

/** A step's failure, whose message is for a person and of several lines. */
export class StepFailed extends Error {}

/** Of a failed step's log the last lines that may say why: no downloads, no blank ones. */
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
 * Runs a step with a shell that writes all to the log.
 *
 * @throws StepFailed with the end of the log and its path; Needed, and the reason of the signal, as they are
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
    // What explains a failure stands at the end.
    if (kept.length > 400) kept.splice(0, 200);
  };
  // A user's PATH may leave out where root's programs are.
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
    // What a command says of its failure is in the log already.
    const own =
      cause instanceof ProcessOutput ? [] : [cause instanceof Error ? cause.message : String(cause)];
    const shown = [...printed, ...own].map((line) => `  ${line}`);
    throw new StepFailed([`${name} failed`, ...shown, `  all of it: ${log}`].join('\n'), { cause });
  } finally {
    closeSync(file);
  }
}
