import { createInterface } from 'node:readline';

/**
 * The lines of standard input. On a terminal each is asked for with the prompt, and between two of them the
 * terminal is free for a shell. Ends with Ctrl-C, Ctrl-D, the end of input, or the signal.
 */
export async function* linesOf(prompt: string, signal: AbortSignal): AsyncGenerator<string> {
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY) {
    yield* createInterface({ input, signal });
    return;
  }
  while (!signal.aborted) {
    const asked = createInterface({ input, output, prompt, signal });
    asked.prompt();
    const line = await new Promise<string | undefined>((resolve) => {
      asked.once('line', resolve);
      for (const end of ['close', 'SIGINT'])
        asked.once(end, () => {
          resolve(undefined);
        });
    });
    asked.close();
    if (line === undefined) return;
    yield line;
  }
}
