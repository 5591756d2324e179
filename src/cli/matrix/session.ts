import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { cellName, type Matrix } from '../../schema/matrix.ts';
import { planMatrix, type MatrixPlan } from '../../matrix/plan.ts';
import { MATRIX_FILE, readMatrix } from '../../matrix/read.ts';
import { newFolder } from '../../history/store.ts';
import type { Squeeze } from '../../change/squeezes.ts';
import { broughtByRemedies, refuseBrought } from '../request/brought-programs.ts';
import { refuse, usage, UsageError } from '../exit-codes.ts';
import { environmentOf } from '../request/environment.ts';
import { matrixRemedies } from './remedies.ts';
import { checkFolder, checkWritable } from '../request/out-folder.ts';
import { labFor, SEEDS } from '../request/request.ts';
import type { SharedOptions } from '../options/shared-options.ts';
import { say, type VerbContext } from '../verb-context.ts';

/** The options of `matrix`, as commander gives them. */
export interface MatrixOptions extends SharedOptions {
  readonly reuse?: string;
  readonly squeeze?: Squeeze;
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly remedy?: readonly string[];
  readonly jobs?: number;
  readonly repeat?: number;
  readonly resume?: string;
}

/** A matrix to run: open jobs, finished cells, and its folder. */
export interface Session {
  readonly plan: MatrixPlan;
  readonly begun: Matrix;
  readonly folder: string;
}

/** @throws UsageError in one line with the fix */
export async function sessionFor(options: MatrixOptions, context: VerbContext): Promise<Session> {
  const session =
    options.resume === undefined ? await fresh(options, context) : await resumed(options.resume, context);
  checkPrograms(session.plan, options, context);
  return session;
}

async function fresh(options: MatrixOptions, context: VerbContext): Promise<Session> {
  const {
    reuse,
    quick,
    only = [],
    remedy: remedies,
    seed = randomInt(SEEDS),
    out = newFolder('matrix'),
  } = options;
  const lab = labFor(options.lab, context, reuse);
  if (reuse === undefined && lab.reusing !== undefined)
    throw new UsageError(
      `a matrix needs one cluster for all runs: \`tablefull lab up ${lab.name} --name mine --workers 6\`, then --reuse mine`,
    );
  const { squeeze = lab.squeeze } = options;
  const { privileged } = environmentOf(squeeze, context);
  const asked = {
    lab: lab.name,
    ...(reuse !== undefined && { reuse }),
    squeeze,
    quick,
    only: [...only],
    ...(remedies !== undefined && { remedies: [...remedies] }),
    seed,
  };
  const plan = planFor(asked, () => false, context);
  if (existsSync(join(out, MATRIX_FILE)))
    throw new UsageError(`${out} holds a matrix already: give another folder with --out, or --resume ${out}`);
  checkFolder(out);
  const begun: Matrix = {
    schema: 'tablefull/matrix/v1',
    kernel: release(),
    privileged,
    versions: { ...(await context.versions()), ...(await lab.versions()) },
    asked,
    startedAt: new Date().toISOString(),
    seconds: 0,
    planned: plan.names.length,
    restore: { status: 'complete', left: [] },
    cells: [...plan.decided],
  };
  return { plan, begun, folder: out };
}

/** Says which programs the user’s remedies bring. @throws UsageError where `--no-commands` refuses them */
function checkPrograms({ jobs }: MatrixPlan, { commands, quiet }: MatrixOptions, context: VerbContext): void {
  const known = context.remedies.map(({ name }) => name);
  const brings = new Set(
    jobs.flatMap(({ row: { protocol }, remedies }) => broughtByRemedies({ protocol, remedies, known })),
  );
  if (!commands)
    usage(() => {
      refuseBrought([...brings]);
    });
  if (!quiet) for (const line of brings) say(context, line);
}

/** Reopens missing and inconclusive cells; keeps all others. */
async function resumed(folder: string, context: VerbContext): Promise<Session> {
  const begun = await readMatrix(folder).catch(refuse);
  checkWritable(folder);
  const { kernel, privileged, asked } = begun;
  if (kernel !== release() || privileged !== environmentOf(asked.squeeze, context).privileged) {
    const who = privileged ? 'as root' : 'without root';
    throw new UsageError(
      `${folder} was begun on kernel ${kernel}, ${who}: resume it there, or start a new matrix`,
    );
  }
  const said = begun.cells.filter(({ status }) => status !== 'inconclusive').map(cellName);
  const plan = planFor(asked, (cell) => said.includes(cellName(cell)), context);
  // The next runs begin by finishing an incomplete restore.
  const restore = { status: 'complete' as const, left: [] };
  return {
    plan,
    begun: { ...begun, restore, planned: plan.names.length, cells: [...begun.cells, ...plan.decided] },
    folder,
  };
}

function planFor(
  { lab: name, reuse, squeeze, quick, only, remedies: words }: Matrix['asked'],
  done: Parameters<typeof planMatrix>[0]['done'],
  context: VerbContext,
): MatrixPlan {
  const { scenarios, remedies } = context;
  const lab = labFor(name, context, reuse);
  const environment = environmentOf(squeeze, context, lab.realKubeProxy);
  return usage(() => {
    const sideBySide = lab.atOnce(squeeze) > 1;
    const { cannot } = lab;
    const given = matrixRemedies(words, remedies, { cluster: lab.realKubeProxy, squeeze });
    return planMatrix({ scenarios, remedies, given, environment, cannot, sideBySide, quick, only, done });
  });
}
