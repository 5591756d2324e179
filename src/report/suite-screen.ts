import { join } from 'node:path';
import type { Suite, SuiteRunResult } from '../schema/suite.ts';
import { sayCounted, type Headline } from '../schema/outcome.ts';
import { count } from '../judge/words.ts';
import { oddResults } from '../suite/outcome.ts';
import { HEADLINE_COLOURS, headlineLines } from './headline.ts';
import { hanging, readable, wrap, type Paint } from './layout.ts';
import { REPORT_FILE } from './html-report.ts';
import { rerunSuite } from './rerun.ts';

/** Glyphs alone distinguish headlines; colour is an addition. */
const GLYPHS: Readonly<Record<Headline, string>> = {
  PASSED: '✓',
  FAILED: '✗',
  INCONCLUSIVE: '?',
  'NOT RUN': '–',
  INTERRUPTED: '–',
  'NOT RESTORED': '✗',
};
const INDENT = '    ';

/**
 * Renders a suite: the headline, a line a run, what is not as expected with its place in the suite file, and
 * where to read on. The texts are printable.
 *
 * @param folder the suite's folder
 */
export function suiteScreen(suite: Suite, folder: string, columns: number, paint: Paint): string {
  const width = readable(columns);
  const { file, outcome, runs, restore, seconds, kernel, exitCode } = suite;
  const names = Math.max(...runs.map(({ name }) => name.length));
  const bad = runs.filter((run) => run.outcome.headline !== 'PASSED').map(({ name }) => name);
  const labs = [...new Set(runs.map(({ lab }) => lab))].join(', ');
  return [
    ...headlineLines(file, outcome, width, paint),
    ...restore.left.flatMap((what) => wrap(what, width, '  ')),
    '',
    ...runs.flatMap((run) => runLines(run, file, names, width, paint)),
    '',
    ...wrap(`${count(Math.round(seconds))} s in ${labs}, kernel ${kernel}`, width, ''),
    ...(exitCode === outcome.exitCode ? [] : [sayCounted(exitCode)]),
    `  report  ${join(folder, REPORT_FILE)}`,
    ...(bad.length === 0 ? [] : [`  rerun   ${rerunSuite(suite, bad)}`]),
  ].join('\n');
}

function runLines(
  run: SuiteRunResult,
  file: string,
  names: number,
  width: number,
  paint: Paint,
): readonly string[] {
  const { name, outcome, seconds, attempts } = run;
  const colour = HEADLINE_COLOURS[outcome.headline];
  const good = outcome.headline === 'PASSED';
  const time = attempts === 0 ? '' : `${count(Math.round(seconds))} s`;
  const tries = attempts > 1 ? `, attempt ${String(attempts)}` : '';
  const said = good
    ? `${shownResults(run)}; ${time}${tries}`
    : [outcome.headline, time].filter(Boolean).join('; ') + tries;
  const label = `${name.padEnd(Math.min(names, 30))}  `;
  const [first, ...rest] = hanging(`${label}${said}`, width - 2, INDENT);
  const odd = oddResults(run);
  return [
    `${paint(['bold', colour], GLYPHS[outcome.headline])} ${paint('bold', first.slice(0, name.length))}${first.slice(name.length)}`,
    ...rest,
    ...odd.flatMap(({ line, about, name: what, status, expected, reason }) => {
      const is = expected === 'met' ? `${what}: ${status}` : `${about} ${status}, expected ${expected}`;
      return [`  ${file}:${String(line)}  ${is}`, ...wrap(reason, width, INDENT)];
    }),
    ...(good || odd.length > 0 ? [] : wrap(outcome.summary, width, INDENT)),
  ];
}

/** `reproduced; 3 remedies and 2 thresholds as expected`. */
function shownResults({ results }: SuiteRunResult): string {
  const symptom = results.find(({ about, expected }) => about === 'symptom' && expected !== 'met');
  const passed = results.filter(({ result }) => result === 'passed').length;
  const skipped = results.filter(({ result }) => result === 'skipped').length;
  return [
    ...(symptom === undefined ? [] : [symptom.status]),
    `${String(passed)} of ${String(results.length)} as expected${skipped === 0 ? '' : `, ${String(skipped)} skipped`}`,
  ].join('; ');
}
