import { execa } from 'execa';
import type { Done } from '../change/done.ts';
import type { Place } from './place.ts';
import { restorable, type Site } from '../change/restorable.ts';

/** A program and its arguments. */
type Words = readonly [string, ...string[]];

/** What is run to make a change, to undo it, and to see whether it stands. */
export interface Commands {
  readonly run: Words;
  readonly undo: Words;
  readonly check: Words;
}

/** A command that has not ended by then is killed, and has failed. */
const SECONDS = 10;
/** Of what a check prints, bytes; more makes it fail. */
const OUTPUT = 64 * 1024;

/**
 * Runs a command on each of these nodes. Where it fails on one, all are undone.
 *
 * @throws Error naming the command that failed; NotRestored where what `check` printed before did not come back
 */
export function runCommand({ run, undo, check }: Commands, places: readonly Place[]): Promise<Done> {
  const sites = places.map((place): Site => ({
    name: place.name,
    read: () => output(check, place),
    make: () => output(run, place),
    restore: () => output(undo, place),
  }));
  const say = ([first = '', ...others]: readonly string[]): string =>
    others.length === 0
      ? first
      : [first, ...others].map((text, i) => `${places[i]?.name ?? ''}: ${text}`).join('\n');
  return restorable(sites, say);
}

/** What a program prints, without its last line end. It reads nothing and no shell reads it. */
async function output([program, ...args]: Words, { name, space }: Place): Promise<string> {
  const result = await space.within(() =>
    execa(program, args, {
      stdin: 'ignore',
      reject: false,
      timeout: SECONDS * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: OUTPUT,
    }),
  );
  if (!result.failed) return result.stdout;
  const [said = ''] = result.stderr.split('\n');
  const why = result.timedOut
    ? `did not end within ${String(SECONDS)} s`
    : result.isMaxBuffer
      ? `printed more than ${String(OUTPUT)} bytes`
      : result.exitCode === undefined
        ? (result.originalMessage ?? 'could not be run')
        : `ended with ${String(result.exitCode)}${said === '' ? '' : `: ${said}`}`;
  throw new Error(`${name}: ${[program, ...args].join(' ')}: ${why}`);
}
