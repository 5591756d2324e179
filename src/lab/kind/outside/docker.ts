import { execa, ExecaError } from 'execa';

/** A command of docker's that has not ended by then never will, ms. */
const TIME_LIMIT_MS = 120_000;

export interface DockerOptions {
  readonly signal?: AbortSignal;
  readonly input?: string;
}

/**
 * Runs docker with these arguments.
 *
 * @returns what it printed
 * @throws Error in one line: docker's own last words
 */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { signal, input } = options;
  try {
    const { stdout } = await execa('docker', args, {
      timeout: TIME_LIMIT_MS,
      ...(signal && { cancelSignal: signal }),
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    });
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(lastWords(error), { cause: error });
  }
}

/** What a command said last, in a line. */
export function lastWords(error: unknown): string {
  if (!(error instanceof ExecaError)) return error instanceof Error ? error.message : String(error);
  const stderr = String(error.stderr).trim();
  const [last] = stderr.split('\n').slice(-1);
  return last === undefined || last === ''
    ? error.shortMessage
    : `${String(error.command.split(' ')[0])}: ${last}`;
}
