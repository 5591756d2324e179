import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resultsOf } from '../judge/results.ts';
import { MATRIX_FILE } from '../matrix/read.ts';
import { cellName, matrixSchema } from '../schema/matrix.ts';
import { suiteSchema } from '../schema/suite.ts';
import { verdictSchema, type Verdict } from '../schema/verdict.ts';
import { SUITE_FILE } from '../suite/read.ts';
import { readJson } from '../util/read-json.ts';
import { repeated, type Sample, type Side } from './side.ts';

const VERDICT_FILE = 'verdict.json';
const HEADER_FILE = 'run.json';

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
  return {
    kind: 'run',
    samples: samplesOf(verdict, `${verdict.scenario}${isControl(dirname(file)) ? ' (control)' : ''}`),
  };
}

function isControl(folder: string): boolean {
  try {
    const header: unknown = JSON.parse(readFileSync(join(folder, HEADER_FILE), 'utf8'));
    return typeof header === 'object' && header !== null && 'control' in header && header.control === true;
  } catch {
    return false;
  }
}

function samplesOf(verdict: Verdict, row: string): ReadonlyMap<string, readonly Sample[]> {
  const { pace } = verdict;
  return new Map(
    resultsOf(verdict).map(({ about, name, expected, status, figures }) => [
      `${row} × ${expected === 'met' ? name : about}`,
      [{ status, figures, pace }],
    ]),
  );
}

function suiteIn(file: string): Omit<Side, 'name'> {
  const { runs } = readJson(file, suiteSchema);
  const samples = runs.flatMap(({ name: row, results, pace }) =>
    results.map(
      ({ about, name, expected, status, figures }) =>
        [`${row} × ${expected === 'met' ? name : about}`, [{ status, figures, pace }]] as const,
    ),
  );
  return { kind: 'suite', samples: new Map(samples) };
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
