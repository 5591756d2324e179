import { execa } from 'execa';
import type { NetNamespace } from '../../kernel/netns.ts';
import type { Done, Reading } from './done.ts';
import { NotRestored } from './not-restored.ts';

/** A node's namespace, and its name for what is said of it. */
export interface Place {
  readonly node: string;
  readonly space: NetNamespace;
}

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
export async function runCommand(commands: Commands, places: readonly Place[]): Promise<Done> {
  /** On all nodes at once; over when the last of them is, whatever becomes of the others. */
  const each = async (words: Words): Promise<string> => {
    const ended = await Promise.allSettled(places.map((place) => output(words, place)));
    const outputs = ended.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    return places.length === 1
      ? (outputs[0] ?? '')
      : places.map(({ node }, i) => `${node}: ${outputs[i] ?? ''}`).join('\n');
  };
  const found = await each(commands.check);
  /** Undoes it on every node, and holds them to it. @returns why an undo failed, where one did */
  const undo = async (): Promise<{ reading: Reading; failed: string | undefined }> => {
    const failed = await each(commands.undo).then(() => undefined, messageOf);
    const readBack = await each(commands.check).catch(messageOf);
    if (readBack === found) return { reading: { found, readBack }, failed };
    const why = failed === undefined ? '' : ` (${failed})`;
    throw new NotRestored(
      `not restored: found ${JSON.stringify(found)}, now ${JSON.stringify(readBack)}${why}`,
    );
  };
  try {
    await each(commands.run);
    const readBack = await each(commands.check);
    return {
      found,
      readBack,
      emulated: false,
      undo: async () => {
        const { reading, failed } = await undo();
        if (failed !== undefined) throw new NotRestored(`not restored: ${failed}`);
        return reading;
      },
    };
  } catch (error) {
    // What it did not do can't be undone, so only what stands afterwards counts.
    await undo();
    throw error;
  }
}

/** What a program prints, without its last line end. It reads nothing and no shell reads it. */
async function output([program, ...args]: Words, { node, space }: Place): Promise<string> {
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
  throw new Error(`${node}: ${[program, ...args].join(' ')}: ${why}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
