import { join } from 'node:path';
import { CLAIMS } from '../../claims/index.ts';
import { evidence } from '../../claims/judge.ts';
import { readMatrix } from '../../matrix/read.ts';
import { claimsMarkdown } from '../../report/claims-markdown.ts';
import { replaceFile } from '../../run/replace-file.ts';
import { oneLine, Unavailable } from '../../run/stops.ts';
import { UsageError } from '../exit-codes.ts';
import { say, type World } from '../world.ts';

/**
 * `claims MATRIX`: what a matrix says of the reference texts' claims, as Markdown on stdout or as `claims.md` in a
 * folder. There it is accompanied by the cells that it rests on, which make the same document again.
 */
export async function claimsVerb(
  path: string,
  { out }: { readonly out?: string },
  world: World,
): Promise<number> {
  const matrix = await readMatrix(path).catch((error: unknown) => {
    throw new UsageError(oneLine(error), { cause: error });
  });
  const text = claimsMarkdown(matrix);
  if (out === undefined) {
    world.stdout.write(text);
    return 0;
  }
  const rests = evidence(
    CLAIMS.flatMap(({ claims }) => claims),
    matrix,
  );
  for (const [name, content] of [
    ['claims.md', text],
    ['claims.matrix.json', `${JSON.stringify(rests, null, 2)}\n`],
  ] as const) {
    await replaceFile(join(out, name), content).catch((error: unknown) => {
      throw new Unavailable(oneLine(error), { cause: error });
    });
    say(world, join(out, name));
  }
  return 0;
}
