import { join } from 'node:path';
import type { Interruption } from '../../judge/exit.ts';
import { disagreements } from '../../matrix/disagreements.ts';
import { isAsExpected, type Matrix } from '../../matrix/document.ts';
import { matrixExit } from '../../matrix/exit.ts';
import type { Session } from '../matrix-session.ts';
import { print, printJson, type World } from '../world.ts';
import { worse } from './repeat.ts';

interface Repeat {
  readonly times: number;
  readonly session: Session;
  readonly once: (session: Session) => Promise<Matrix>;
  readonly brokenOff: () => Interruption | undefined;
  readonly json: boolean;
  readonly world: World;
}

/**
 * The whole again and again, each time with the next seed and in a folder of its own: which verdicts disagree?
 *
 * @returns the worst exit code, and at least 1 where any disagree
 */
export async function repeatMatrix({
  times,
  session,
  once,
  brokenOff,
  json,
  world,
}: Repeat): Promise<number> {
  const matrices: Matrix[] = [];
  const { begun, folder } = session;
  let code = 0;
  while (matrices.length < times && brokenOff() === undefined) {
    const n = String(matrices.length + 1);
    const asked = { ...begun.asked, seed: begun.asked.seed + matrices.length };
    const own = join(folder, n);
    const matrix = await once({
      ...session,
      begun: { ...begun, asked, startedAt: new Date().toISOString() },
      folder: own,
    });
    matrices.push(matrix);
    code = worse(code, matrixExit(matrix, brokenOff()));
    const good = matrix.cells.filter(isAsExpected).length;
    if (!json)
      print(
        world,
        `matrix ${n} of ${String(times)}: ${String(good)} of ${String(matrix.planned)} cells as expected; ${own}`,
      );
  }
  const disagreeing = disagreements(matrices);
  if (json) printJson(world, { schema: 'tablefull/matrix-repeat/v1', matrices, disagreeing });
  else {
    for (const { cell, statuses } of disagreeing) print(world, `${cell}: ${statuses.join(', ')}`);
    print(
      world,
      `cells whose verdicts disagree: ${String(disagreeing.length)}, seeds from ${String(begun.asked.seed)}`,
    );
  }
  return disagreeing.length > 0 ? worse(code, 1) : code;
}
