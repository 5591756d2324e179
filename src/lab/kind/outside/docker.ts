import { execa, ExecaError } from 'execa';
import { messageOf, oneLine } from '../../../util/error-text.ts';

/** Timeout of docker's commands, ms. */
const TIME_LIMIT_MS = 120_000;

interface DockerOptions {
  readonly signal?: AbortSignal;
  readonly input?: string;
}

/**
 * Runs docker with these arguments.
 *
 * @returns its output
 * @throws Error in one line: docker's own last words
 */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { signal, input } = options;
  const running = execa('docker', args, {
    timeout: TIME_LIMIT_MS,
    ...(signal && { cancelSignal: signal }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  return (await quoted(running, signal)).stdout;
}

/** Awaits a command. @throws Error in one line: its own last words; or the signal's reason */
export async function quoted<T>(running: PromiseLike<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await running;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(lastWords(error), { cause: error });
  }
}

/** A command's last line of output, or why there is none. */
function lastWords(error: unknown): string {
  if (!(error instanceof ExecaError)) return messageOf(error);
  if (error.code === 'ENOENT') return 'there is no such program';
  const stderr = String(error.stderr).trim();
  const [last] = stderr.split('\n').slice(-1);
  return last === undefined || last === ''
    ? oneLine(error.shortMessage)
    : `${String(error.command.split(' ')[0])}: ${last}`;
}
