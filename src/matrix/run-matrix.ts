import { join } from 'node:path';
import type { Ended, Outcome } from '../schema/outcome.ts';
import type { Verdict } from '../schema/verdict.ts';
import { freeFolder } from '../history/store.ts';
import type { Reporter } from '../run/reporter.ts';
import type { Executed, RunRequest } from '../run/execute.ts';
import { replaceFile } from '../util/replace-file.ts';
import { interruptionOf } from '../run/stops.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { cellsOf } from './cells.ts';
import { MATRIX_FILE } from './read.ts';
import { cellName, CONTROL, rowName, SYMPTOM, type Cell, type Matrix } from '../schema/matrix.ts';
import { matrixOutcome } from './outcome.ts';
import type { Job, MatrixPlan } from './plan.ts';
import { oneLine } from '../util/error-text.ts';

export interface MatrixReporter {
  begins(job: Job): Reporter;
  ended(job: Job, cells: readonly Cell[]): void;
}

interface MatrixContext {
  /** The matrix’ folder; it exists. */
  readonly folder: string;
  /** The number of runs side by side. */
  readonly jobs: number;
  readonly once: (request: RunRequest, reporter: Reporter) => Promise<Executed>;
  /** The npm script that started the command. */
  readonly script: string | undefined;
  /** How often inconclusive cells are repeated, at most. */
  readonly retries: number;
  readonly reporter: MatrixReporter;
  readonly warn: (line: string) => void;
  /** ms of a monotonic clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A matrix whose runs are over. */
export type FinishedMatrix = Matrix & { readonly outcome: Outcome };

/**
 * Runs the open jobs side by side, then jobs that need the machine alone. Inconclusive cells run again,
 * alone: other runs may have disturbed them. Saves after each run, so that an interrupted matrix can be
 * resumed.
 *
 * @param begun the finished and decided cells so far
 * @throws Error where a run can't start: the first one's error
 */
export async function runMatrix(
  plan: MatrixPlan,
  { outcome: _, ...begun }: Matrix,
  context: MatrixContext,
): Promise<FinishedMatrix> {
  const { folder, reporter, now, signal } = context;
  const start = now();
  let matrix: Matrix = begun;
  await save(folder, begun);
  let saving = Promise.resolve();
  // In sequence: overlapping writes may leave the older one on disk.
  const keep = (): Promise<void> =>
    (saving = saving
      .then(() => save(folder, matrix))
      .catch((error: unknown) => {
        context.warn(oneLine(error));
      }));
  await sideBySide(plan.jobs, {
    count: context.jobs,
    alone: ({ alone }) => alone,
    again: () => unclearOf(plan.jobs, context.retries, () => matrix),
    signal,
    work: async (job) => {
      const run = freeFolder(folder, folderName(job));
      const { verdict } = await context.once(
        requestOf(job, begun, join(folder, run), context.script),
        reporter.begins(job),
      );
      const cells = cellsOf(job, verdict, run).filter((cell) => wasTried(cell, verdict));
      matrix = { ...withRun(matrix, cells, verdict, plan), seconds: begun.seconds + (now() - start) / 1000 };
      await keep();
      reporter.ended(job, cells);
    },
  });
  const finished = { ...matrix, outcome: matrixOutcome(matrix, endedBy(signal)) };
  matrix = finished;
  await keep();
  return finished;
}

function endedBy(signal: AbortSignal): Ended {
  const by = interruptionOf(signal);
  return by === undefined ? { how: 'completed' } : { how: 'interrupted', by };
}

/** What an interrupted run did not come to is missing, not inconclusive. */
function wasTried({ status }: Cell, { outcome }: Verdict): boolean {
  return status !== 'inconclusive' || outcome.headline !== 'INTERRUPTED';
}

/** What to rerun, when its turn comes. */
function* unclearOf(jobs: readonly Job[], retries: number, matrix: () => Matrix): Generator<Job> {
  for (const job of jobs) for (let retry = 0; retry < retries; retry++) yield* unclear(job, matrix());
}

/** What to rerun of a job: everything where its symptom is inconclusive, else the inconclusive remedies. */
function unclear(job: Job, { cells }: Matrix): readonly Job[] {
  const { row, control, remedies } = job;
  const names = cells.flatMap((cell) =>
    rowName(cell) === row.name && cell.status === 'inconclusive' ? [cell.remedy] : [],
  );
  const again = remedies.filter(({ name }) => names.includes(name));
  return names.includes(control ? CONTROL : SYMPTOM) || again.length > 0 ? [{ ...job, remedies: again }] : [];
}

/** Replaces inconclusive cells; keeps all others. */
function withRun(matrix: Matrix, cells: readonly Cell[], { restore }: Verdict, plan: MatrixPlan): Matrix {
  const standing = new Map(matrix.cells.map((cell) => [cellName(cell), cell]));
  for (const cell of cells) {
    if ((standing.get(cellName(cell))?.status ?? 'inconclusive') === 'inconclusive')
      standing.set(cellName(cell), cell);
  }
  return {
    ...matrix,
    cells: plan.names.flatMap((name) => standing.get(name) ?? []),
    restore: {
      status: restore.status === 'complete' ? matrix.restore.status : 'incomplete',
      left: [...matrix.restore.left, ...restore.left],
    },
  };
}

async function save(folder: string, matrix: Matrix): Promise<void> {
  await replaceFile(join(folder, MATRIX_FILE), `${JSON.stringify(matrix, null, 2)}\n`);
}

/** The command line that is equivalent to the run; it is recorded. */
function argvOf({ row, control, remedies, given }: Job, { asked }: Pick<Matrix, 'asked'>): readonly string[] {
  const params = Object.entries(row.given).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const tried =
    remedies.length === 0 ? 'none' : remedies.map(({ name }) => given.get(name)?.written ?? name).join(',');
  return [
    'run',
    row.scenario.name,
    ...params,
    ...(asked.reuse === undefined ? [] : ['--lab', asked.lab, '--reuse', asked.reuse]),
    ...(asked.reuse === undefined && asked.squeeze === 'ballast' ? [] : ['--squeeze', asked.squeeze]),
    ...(control ? ['--control'] : ['--single-pass', '--remedy', tried]),
    '--seed',
    String(asked.seed),
  ];
}

function requestOf(job: Job, matrix: Matrix, out: string, script: string | undefined): RunRequest {
  const { row, control, remedies, given } = job;
  const { squeeze, seed } = matrix.asked;
  return {
    scenario: row.scenario.name,
    params: row.params,
    protocol: () => row.protocol,
    remedies,
    remediesNamed: false,
    expect: Object.fromEntries(
      remedies.flatMap(({ name }) => {
        const expected = given.get(name)?.expected;
        return expected === undefined ? [] : [[name, expected]];
      }),
    ),
    squeeze,
    control,
    singlePass: true,
    seed,
    pace: 1,
    out,
    argv: argvOf(job, matrix),
    script,
    keepLab: false,
  };
}

/** `boom-segment-below-control`. */
function folderName({ row, control }: Job): string {
  return [...row.name.split(/[ =]/), ...(control ? ['control'] : [])].join('-');
}
