import { join } from 'node:path';
import { CLAIMS } from '../../claims/index.ts';
import { evidence } from '../../claims/judge.ts';
import type { Matrix } from '../../schema/matrix.ts';
import { readMatrix } from '../../matrix/read.ts';
import { claimsMarkdown } from '../../report/claims-markdown.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { Unavailable } from '../../run/stops.ts';
import { refuse, UsageError } from '../exit-codes.ts';
import { say, type Io } from '../world.ts';
import { oneLine } from '../../util/error-text.ts';
import { claimsMatrix } from '../pages.ts';

/**
 * `claims MATRIX…`: judges the sources' claims by one matrix per lab. Prints Markdown, or writes `claims.md`
 * to a folder with the cells it rests on, from which the same document can be made again.
 */
export async function claimsVerb(
  paths: readonly string[],
  { out }: { readonly out?: string },
  world: Io,
): Promise<number> {
  const matrices = await readAll(paths);
  const text = claimsMarkdown(matrices);
  if (out === undefined) {
    world.stdout.write(text);
    return 0;
  }
  const claims = CLAIMS.flatMap((chapter) => chapter.claims);
  const files = [
    ['claims.md', text] as const,
    ...matrices.map(
      (matrix) =>
        [claimsMatrix(matrix.asked.lab), `${JSON.stringify(evidence(claims, matrix), null, 2)}\n`] as const,
    ),
  ];
  for (const [name, content] of files) {
    await replaceFile(join(out, name), content).catch((error: unknown) => {
      throw new Unavailable(oneLine(error), { cause: error });
    });
    say(world, join(out, name));
  }
  return 0;
}

/** @throws UsageError where one can't be read, or two are of the same lab */
async function readAll(paths: readonly string[]): Promise<readonly Matrix[]> {
  const matrices = await Promise.all(paths.map(readMatrix)).catch(refuse);
  const labs = matrices.map(({ asked }) => asked.lab);
  const twice = labs.find((lab, i) => labs.indexOf(lab) !== i);
  if (twice !== undefined)
    throw new UsageError(`claims takes one matrix per lab, but two are of ${twice}: leave one out`);
  return matrices;
}
