import { UNATTRIBUTED } from '../judge/kernel-lines.ts';
import { count } from '../judge/words.ts';
import type { Extras } from '../run/reporter.ts';
import type { Verdict } from '../schema/verdict.ts';
import { sayAsExpected } from './effects.ts';
import { isAsExpected } from '../schema/result.ts';
import { figureTable } from './figure-table.ts';
import { headlineLines } from './headline.ts';
import { hanging, type Paint, readable, wrap } from './layout.ts';
import { explainCommand, rerunCommand, typed } from './rerun.ts';
import { remedyLines } from './screen-remedies.ts';

const INDENT = '  ';

type Block = readonly string[];

interface ScreenOptions {
  readonly columns: number;
  readonly paint: Paint;
  /** Print all figures, reasons and the kernel’s log. They appear anyway where a result is not as expected. */
  readonly figures: boolean;
  /** The page of the run; absent: there is none. */
  readonly report?: string;
}

/**
 * Renders the verdict so that it fits 80 columns and 24 lines: the problem, what helps and what does not,
 * each with half a line why, and last the headline and where to read on.
 */
export function verdictScreen(verdict: Verdict, extras: Extras, options: ScreenOptions): string {
  const { columns, paint, figures } = options;
  const width = readable(columns);
  const { headline } = verdict.outcome;
  // Whoever interrupted a run does not ask what its symptom measured.
  const full = figures || (headline !== 'INTERRUPTED' && !isAsExpected(verdict.symptom));
  const notRun = headline === 'NOT RUN';
  const { show, note } = extras.header.protocol;
  const blocks: Block[] = [
    leftLines(verdict, extras, width, paint),
    [
      ...title(verdict, extras, width, paint),
      ...notes(verdict, note, width, paint),
      ...(notRun ? [] : symptomLines(verdict, width, paint)),
    ],
    full && !notRun ? figureTable(verdict.symptom, show, width) : [],
    notRun ? [] : remedyLines(verdict, width, paint, figures),
    expectationLines(verdict, width, paint, figures),
    [
      ...headlineOf(verdict, width, paint),
      ...footer(verdict, extras, options.report),
      ...(full ? kernelLog(extras, width) : []),
    ],
  ];
  return `${together(blocks).join('\n\n')}\n`;
}

/** Blocks as texts. Problem and remedies stand together, which saves a line where nothing is between them. */
function together([left = [], problem = [], figures = [], ...rest]: Block[]): readonly string[] {
  const [remedies = [], ...others] = rest;
  const answer = figures.length > 0 ? [problem, figures, remedies] : [[...problem, ...remedies]];
  return [left, ...answer, ...others].filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
}

function title(
  { scenario, lab, kernel, squeeze, pace = 1 }: Verdict,
  { header: { params, control, argv } }: Extras,
  width: number,
  paint: Paint,
): readonly string[] {
  const sizes = sizesOf(squeeze);
  // Defaults say little.
  const given = Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .filter((each) => argv.some((word) => word.includes(each)));
  const name = [scenario, ...given, ...(control ? ['(control)'] : [])].join(' ');
  const where = [
    `${lab}, kernel ${kernel.split('-')[0] ?? kernel}`,
    sizes.length === 0 ? '' : `${squeeze.kind}: ${sizes.join(', ')}`,
    pace > 1 ? `${count(pace)} × slower for this machine` : '',
  ].filter((text) => text !== '');
  const lines = wrap(`${name} in ${where.join('; ')}`, width, '');
  return lines.map((line, i) =>
    i === 0 ? line.replace(name, () => paint('bold', name)) : `${INDENT}${line}`,
  );
}

/** `1,200 of 262,144 entries free`, `buckets 512 (asked for 300)`: what was asked for, as the kernel has it. */
function sizesOf({ asked, got }: Verdict['squeeze']): readonly string[] {
  return Object.keys(asked).map((name) => {
    const is = got[name];
    const short = name.replace('nf_conntrack_', '');
    const given = is === undefined ? 'not read back' : count(is);
    const wanted = asked[name];
    const differs = wanted !== undefined && wanted !== is ? ` (asked for ${count(wanted)})` : '';
    const { nf_conntrack_max: limit } = got;
    return name === 'free' && limit !== undefined
      ? `${given} of ${count(limit)} entries free${differs}`
      : `${short} ${given}${differs}`;
  });
}

function notes(
  { compressed }: Verdict,
  note: string | undefined,
  width: number,
  paint: Paint,
): readonly string[] {
  const said = [note, compressed === undefined ? undefined : `compressed: ${compressed}`];
  return said
    .flatMap((text) => (text === undefined ? [] : wrap(text, width, INDENT)))
    .map((line) => paint('dim', line));
}

function symptomLines({ symptom, outcome }: Verdict, width: number, paint: Paint): readonly string[] {
  const { status, expected, reason } = symptom;
  const told = isAsExpected(symptom) || outcome.headline === 'INTERRUPTED';
  const surprise = told ? '' : `, expected ${expected}`;
  const head = `PROBLEM ${status}${surprise}`;
  const [line, ...rest] = hanging(`${head}: ${reason}`, width, INDENT);
  const colour = told ? 'magenta' : 'red';
  const shown = Math.min(head.length, line.length);
  return [`${paint(['bold', colour], line.slice(0, shown))}${line.slice(shown)}`, ...rest];
}

/** All that was not restored; the headline names only the first. */
function leftLines({ restore }: Verdict, { header }: Extras, width: number, paint: Paint): readonly string[] {
  if (restore.status !== 'incomplete') return [];
  return [
    paint(['bold', 'red'], `NOT RESTORED; run: ${typed(header.script, ['restore'])}`),
    ...restore.left.flatMap((what) => wrap(what, width, INDENT)),
  ];
}

/** The expectations that were not met, with their figures. @param all the others too */
function expectationLines(
  { expectations = [] }: Verdict,
  width: number,
  paint: Paint,
  all: boolean,
): readonly string[] {
  return expectations.flatMap(({ phase, expectation, status, reason }) => {
    const good = status === 'met' || status === 'skipped';
    if (good && !all) return [];
    const said = good ? status : paint(['bold', 'red'], status);
    return [`${phase}: ${expectation}  ${said}`, ...wrap(reason, width, INDENT)];
  });
}

/** `PASSED saturate: 10 of 10 results as expected, in 61.3 s; all restored`. */
function headlineOf(verdict: Verdict, width: number, paint: Paint): readonly string[] {
  const { scenario, outcome, restore, seconds } = verdict;
  const { headline } = outcome;
  const restored = restore.status === 'complete' ? 'all restored' : `restore ${restore.status}`;
  const took = `in ${count(Math.round(seconds * 10) / 10)} s; ${restored}`;
  const facts = [sayAsExpected(verdict), took].filter((text) => text !== undefined).join(', ');
  const passed = headline === 'PASSED';
  return [
    ...headlineLines(scenario, passed ? { ...outcome, summary: facts } : outcome, width, paint),
    ...(passed || headline === 'NOT RUN' ? [] : wrap(facts, width, INDENT)),
  ];
}

function footer({ run }: Verdict, { header }: Extras, report: string | undefined): readonly string[] {
  const why = explainCommand(header);
  const folder = report === undefined ? `  run     ${run}` : `  report  ${report}`;
  return [
    ...(why === undefined ? [] : [`  why     ${why}`]),
    ...(run === '' ? [] : [folder]),
    `  rerun   ${rerunCommand(header)}`,
  ];
}

/** Kernel log lines about a full table. The kernel logs only some of them. */
function kernelLog({ kernelLog: log }: Extras, width: number): readonly string[] {
  const said =
    log.unreadable === undefined
      ? (likeThese(log.lines, '') ?? likeThese(log.unattributed, `; ${UNATTRIBUTED}`))
      : `not readable: ${log.unreadable}`;
  if (said === undefined) return [];
  const [first = '', ...rest] = wrap(said, width - 10, '');
  return [`  kernel  ${first}`, ...rest.map((line) => `${' '.repeat(10)}${line}`)];
}

/** Counts the lines about a full table and quotes the first. */
function likeThese(lines: readonly string[], remark: string): string | undefined {
  const full = lines.filter((line) => line.includes('table full'));
  const [first] = full;
  return first === undefined
    ? undefined
    : `${count(full.length)} ${full.length === 1 ? 'line' : 'lines'} like ${first}${remark}`;
}
