import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { HEADER_FILE, VERDICT_FILE } from '../history/store.ts';
import { resultsOf } from '../judge/results.ts';
import { MATRIX_FILE } from '../matrix/read.ts';
import { cellName, matrixSchema } from '../schema/matrix.ts';
import { suiteSchema, type Result } from '../schema/suite.ts';
import { verdictSchema } from '../schema/verdict.ts';
import { SUITE_FILE } from '../suite/read.ts';
import { jsonIfThere } from '../util/read-if-there.ts';
import { readJson } from '../util/read-json.ts';
import { repeated, type Sample, type Side } from './side.ts';

/** How each kind of folder is read, by the file that it has. */
const READERS: Readonly<Record<string, (file: string) => Omit<Side, 'name'>>> = {
  [SUITE_FILE]: suiteIn,
  [MATRIX_FILE]: matrixIn,
  [VERDICT_FILE]: runIn,
};

/**
 * Reads what is compared: the folder of a run, a suite or a matrix, one of repeats (`1`, `2`, …), or the
 * JSON file itself.
 *
 * @throws Error in one line naming the path and the fix
 */
export function readSide(path: string): Side {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined)
    throw new Error(`${path}: there is no such folder; name that of a run, a suite or a matrix`);
  if (!there.isDirectory()) return { name: path, ...matrixIn(path) };
  const name = Object.keys(READERS).find((each) => existsSync(join(path, each)));
  const read = name === undefined ? undefined : READERS[name];
  if (name !== undefined && read !== undefined) return { name: path, ...read(join(path, name)) };
  const [first, ...more] = readdirSync(path)
    .filter((each) => /^\d+$/.test(each))
    .toSorted((x, y) => Number(x) - Number(y))
    .map((each) => readSide(join(path, each)));
  if (first === undefined)
    throw new Error(
      `${path}: has no ${Object.keys(READERS).join(', ')}; name the folder of a run, a suite or a matrix`,
    );
  return repeated(path, [first, ...more]);
}

function runIn(file: string): Omit<Side, 'name'> {
  const verdict = readJson(file, verdictSchema);
  const row = `${verdict.scenario}${isControl(dirname(file)) ? ' (control)' : ''}`;
  return { kind: 'run', samples: new Map(samplesOf(row, resultsOf(verdict), verdict.pace)) };
}

function isControl(folder: string): boolean {
  return jsonIfThere(join(folder, HEADER_FILE), z.looseObject({ control: z.boolean() }))?.control === true;
}

/** The results of a run by their row in a comparison. */
function samplesOf(
  row: string,
  results: readonly Result[],
  pace: number | undefined,
): readonly (readonly [key: string, samples: readonly Sample[]])[] {
  return results.map(({ about, name, expected, status, figures }) => [
    `${row} × ${expected === 'met' ? name : about}`,
    [{ status, figures, pace }],
  ]);
}

function suiteIn(file: string): Omit<Side, 'name'> {
  const { runs } = readJson(file, suiteSchema);
  return {
    kind: 'suite',
    samples: new Map(runs.flatMap(({ name, results, pace }) => samplesOf(name, results, pace))),
  };
}

function matrixIn(file: string): Omit<Side, 'name'> {
  const { cells } = readJson(file, matrixSchema);
  const paces = new Map<string, number | undefined>();
  const paceOf = (run: string | null): number | undefined => {
    if (run === null) return undefined;
    if (!paces.has(run)) paces.set(run, paceIn(join(dirname(file), run, VERDICT_FILE)));
    return paces.get(run);
  };
  return {
    kind: 'matrix',
    samples: new Map(
      cells.map((cell) => {
        const { status, figures, run } = cell;
        return [cellName(cell), [{ status, figures, pace: paceOf(run) }]];
      }),
    ),
  };
}

/** Undefined where the run's folder is gone. */
function paceIn(file: string): number | undefined {
  return existsSync(file) ? readJson(file, verdictSchema).pace : undefined;
}
