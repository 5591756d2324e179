import { join } from 'node:path';
import { CLAIMS } from '../../claims/index.ts';
import { evidence } from '../../claims/judge.ts';
import type { Matrix } from '../../schema/matrix.ts';
import { readMatrix } from '../../matrix/read.ts';
import { claimsMarkdown } from '../../report/claims-markdown.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { unavailable } from '../../run/stops.ts';
import { refuse } from '../exit-codes.ts';
import { say, type Io } from '../verb-context.ts';
import { claimsMatrix } from '../screen/pages.ts';

/**
 * `claims MATRIX…`: judges the sources' claims by matrices, each part by the first of its lab's that can. Prints
 * Markdown, or writes `claims.md` to a folder with the cells it rests on, from which the same document can be
 * made again.
 */
export async function claimsVerb(
  paths: readonly string[],
  { out }: { readonly out?: string },
  context: Io,
): Promise<number> {
  const matrices = await readAll(paths);
  const text = claimsMarkdown(matrices);
  if (out === undefined) {
    context.stdout.write(text);
    return 0;
  }
  const claims = CLAIMS.flatMap((chapter) => chapter.claims);
  const files = [
    ['claims.md', text] as const,
    ...matrices.map(
      (matrix) =>
        [
          claimsMatrix(matrix.asked.lab, numberOf(matrix, matrices)),
          `${JSON.stringify(evidence(claims, matrix, matrices), null, 2)}\n`,
        ] as const,
    ),
  ];
  for (const [name, content] of files) {
    await replaceFile(join(out, name), content).catch(unavailable);
    say(context, join(out, name));
  }
  return 0;
}

/** @throws UsageError where one can't be read */
async function readAll(paths: readonly string[]): Promise<readonly Matrix[]> {
  return await Promise.all(paths.map(readMatrix)).catch(refuse);
}

/** Which of its lab's matrices it is, from 1. */
function numberOf(matrix: Matrix, matrices: readonly Matrix[]): number {
  return matrices.filter(({ asked }) => asked.lab === matrix.asked.lab).indexOf(matrix) + 1;
}
