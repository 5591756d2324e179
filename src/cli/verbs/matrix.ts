import { join } from 'node:path';
import { printable } from '../../util/printable.ts';
import { rowName } from '../../schema/matrix.ts';
import { resultOf } from '../../schema/result.ts';
import { exitCodeOf, sayCounted } from '../../schema/outcome.ts';
import { runMatrix, type FinishedMatrix } from '../../matrix/run-matrix.ts';
import { heatMap, type Shown } from '../../report/heat-map.ts';
import { REPORT_FILE } from '../../report/html-report.ts';
import { junitReporter } from '../../report/junit.ts';
import { painter } from '../../report/layout.ts';
import { headlineLines } from '../../report/headline.ts';
import { matrixMarkdown } from '../../report/matrix-markdown.ts';
import { drawMatrix } from '../../report/matrix-report.ts';
import { asTyped } from '../../report/rerun.ts';
import { matrixProgress } from '../../report/matrix-progress.ts';
import { execute, type Machine } from '../../run/execute.ts';
import { jobsFor, sharedMachine } from '../shared-machine.ts';
import { makeOutFolder } from '../request/out-folder.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { npmScript } from '../npm/npm-script.ts';
import { sessionFor, type MatrixOptions, type Session } from '../matrix/session.ts';
import { watchSignals } from '../signals.ts';
import { printJson, printPainted, say, toStderr, type VerbContext } from '../verb-context.ts';
import { repeatMatrix } from './repeat-matrix.ts';
import { oneLine } from '../../util/error-text.ts';

/** Prints messages beside whatever draws on the terminal. */
interface Voice {
  talk: (line: string) => void;
}

/** `matrix`: scenario × remedy. @returns the exit code */
export async function matrixVerb(options: MatrixOptions, context: VerbContext): Promise<number> {
  const session = await sessionFor(options, context);
  const voice: Voice = { talk: toStderr(context) };
  const signal = watchSignals(context.signals, (line) => {
    voice.talk(line);
  });
  const { asked, versions } = session.begun;
  const machine = await sharedMachine(asked, () => Promise.resolve(versions), context, signal, voice.talk);
  const once = (each: Session): Promise<FinishedMatrix> =>
    carryOut(each, machine, options, context, voice, signal);
  if (options.repeat !== undefined)
    return repeatMatrix({ times: options.repeat, session, once, signal, json: options.json, context });

  const matrix = await once(session);
  if (options.json) printJson(context, matrix);
  else printPainted(context, screen(session, asTyped(npmScript(context.env), printable(matrix)), context));
  const { outcome, cells } = matrix;
  const failed = cells.some((cell) => resultOf(cell) === 'failed');
  const code = exitCodeOf([{ outcome, failed }], options.inconclusive);
  if (code !== outcome.exitCode) say(context, sayCounted(code));
  return code;
}

async function carryOut(
  session: Session,
  machine: Machine,
  options: MatrixOptions,
  context: VerbContext,
  voice: Voice,
  signal: AbortSignal,
): Promise<FinishedMatrix> {
  const { plan, begun, folder } = session;
  makeOutFolder(folder);
  const now = (): number => performance.now();
  using progress = matrixProgress(context.stderr, plan.jobs, options.quiet, now);
  const warn = (line: string): void => {
    progress.talk(line);
  };
  const { talk } = voice;
  using drawing = new DisposableStack();
  voice.talk = warn;
  drawing.defer(() => {
    voice.talk = talk;
  });
  const matrix = await runMatrix(plan, begun, {
    folder,
    jobs: jobsFor(options.jobs, machine.lab, begun.asked.squeeze),
    script: npmScript(context.env),
    retries: options.retryInconclusive,
    once: (request, reporter) => {
      const reporters = (run: string) => [reporter, junitReporter(join(run, 'junit.xml'))];
      return execute(
        { ...request, waitMs: options.wait },
        machine,
        { say: () => undefined, warn, reporters },
        signal,
      );
    },
    reporter: progress,
    warn,
    now,
    signal,
  });
  const shows = new Map(plan.rows.map(({ name, protocol }) => [name, protocol.show]));
  const telling = (row: Parameters<typeof rowName>[0]): readonly string[] => shows.get(rowName(row)) ?? [];
  try {
    const markdown = matrixMarkdown(matrix, shownOf(session), telling, context.remedies);
    await replaceFile(join(folder, 'matrix.md'), markdown);
    // When nothing is measured any more.
    await drawMatrix({ folder, matrix, telling, signal });
  } catch (error) {
    warn(oneLine(error));
  }
  return matrix;
}

function shownOf({ plan }: Session): Shown {
  const rows = plan.rows.map(({ scenario, given }) => ({ scenario: scenario.name, params: { ...given } }));
  return { rows, columns: plan.columns };
}

function screen(session: Session, matrix: FinishedMatrix, context: VerbContext): string {
  const { stdout } = context;
  const { cells, planned, restore, seconds, outcome } = matrix;
  const width = stdout.columns ?? 80;
  const ran = cells.filter(({ run }) => run !== null).length;
  const missing = planned - cells.length;
  return [
    ...headlineLines('matrix', outcome, width, painter(stdout)),
    ...restore.left.map((what) => `  ${what}`),
    '',
    heatMap(matrix, shownOf(session), width, painter(stdout)),
    '',
    `${String(cells.length)} ${cells.length === 1 ? 'cell' : 'cells'} in ${String(Math.round(seconds))} s: ${String(ran)} run, ${String(cells.length - ran)} not applicable${missing === 0 ? '' : `, ${String(missing)} missing: --resume ${session.folder}`}`,
    `kernel ${matrix.kernel}; ${join(session.folder, REPORT_FILE)}, matrix.md`,
  ].join('\n');
}
