import { randomInt } from 'node:crypto';
import { readMatrix } from '../../matrix/read.ts';
import { painter } from '../../report/layout.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { Myths, MYTHS } from '../../workshop/myths.ts';
import { Progress } from '../../workshop/progress.ts';
import { EXIT } from '../exit-codes.ts';
import { linesOf } from '../screen/lines.ts';
import { CLAIMS_MATRICES } from '../screen/pages.ts';
import { SEEDS } from '../request/request.ts';
import { watchSignals } from '../signals.ts';
import { print, toStderr, type VerbContext } from '../verb-context.ts';

/** `workshop myths`: a quiz, without a lab. @returns the exit code */
export async function mythsVerb(seed: number | undefined, context: VerbContext): Promise<number> {
  const { stdout } = context;
  const signal = watchSignals(context.signals, toStderr(context));
  const matrices = await Promise.all(CLAIMS_MATRICES.map(readMatrix));
  const progress = new Progress(context.env);
  const myths = new Myths(matrices, seed ?? randomInt(SEEDS), {
    print: (lines) => {
      for (const line of lines) print(context, line);
    },
    markdown: (text) => {
      stdout.write(renderMarkdown(text, stdout.columns ?? 80, painter(stdout)));
    },
    keep: (attempt) => progress.keep(MYTHS.name, attempt),
  });
  for await (const line of linesOf('myths> ', signal)) if (!(await myths.take(line))) break;
  signal.throwIfAborted();
  return EXIT.ok;
}
