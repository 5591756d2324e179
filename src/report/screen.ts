import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { UNATTRIBUTED } from '../judge/kernel-lines.ts';
import { count } from '../judge/words.ts';
import { HEADLINE_COLOURS, headlineLines } from './headline.ts';
import { widths, wrap, type Paint } from './layout.ts';
import { explainCommand, rerunCommand } from './rerun.ts';
import type { Extras } from '../run/reporter.ts';

/** Readable widths: 60 to 100 columns. */
const WIDTH = { least: 60, most: 100 };
const GAP = '  ';
const KERNEL = 'kernel   ';
const AS_THE_FAULT = 'as in the fault phase, without a remedy';

type Symptom = Verdict['symptom'];

/**
 * Renders the verdict on one screen: the headline, what was not restored, symptom and figures, a row per
 * remedy, the run's folder, and the command that reruns it.
 */
export function verdictScreen(verdict: Verdict, extras: Extras, columns: number, paint: Paint): string {
  const width = Math.min(WIDTH.most, Math.max(WIDTH.least, columns));
  const blocks = [
    [
      ...headlineLines(verdict.scenario, verdict.outcome, width, paint),
      ...wrap(title(verdict), width, ''),
      ...wrap(extras.header.protocol.note ?? '', width, '').filter((line) => line !== ''),
    ],
    leftLines(verdict, width, paint),
    symptomLines(verdict.symptom, width, paint),
    figureTable(verdict.symptom, extras.header.protocol.show, width),
    remedyTable(verdict, width, paint),
    expectationLines(verdict, width, paint),
    footer(verdict, extras, width, paint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function symptomLines(symptom: Symptom, width: number, paint: Paint): readonly string[] {
  const { status, expected, reason } = symptom;
  const line = `symptom  ${paint(colourOf(symptom), status)} ${mark(symptom, paint)} ${expected === status ? 'as expected' : `expected ${expected}`}`;
  return [line, ...wrap(reason, width, GAP)];
}

/** All that was not restored; the headline names only the first. */
function leftLines({ restore }: Verdict, width: number, paint: Paint): readonly string[] {
  if (restore.left.length < 2) return [];
  return [paint('red', 'not restored'), ...restore.left.flatMap((what) => wrap(what, width, GAP))];
}

function title({ lab, kernel, squeeze, pace = 1 }: Verdict): string {
  const sizes = Object.keys({ ...squeeze.asked, ...squeeze.got }).map((name) => {
    const [asked, got] = [squeeze.asked[name], squeeze.got[name]];
    const given = got === undefined ? 'not read back' : count(got);
    return `${name} ${given}${asked !== undefined && asked !== got ? ` (asked for ${count(asked)})` : ''}`;
  });
  return [
    `in ${lab}, kernel ${kernel}`,
    `squeeze ${squeeze.kind}`,
    ...sizes,
    ...(pace > 1 ? [`${count(pace)} × slower for this machine`] : []),
  ].join(', ');
}

function figureTable({ figures }: Symptom, show: readonly string[], width: number): readonly string[] {
  const cell = (name: string): string => {
    const value = figures[name];
    return value === undefined ? '–' : count(value);
  };
  const rows = show.map((name) => [name, cell(`baseline.${name}`), cell(name)] as const);
  if (rows.length === 0 || Object.keys(figures).length === 0) return [];
  const table = [['', 'baseline', 'fault'], ...rows];
  const [, ...numbers] = widths(table);
  const rest = numbers.reduce((sum, each) => sum + each + GAP.length, 0);
  const name = Math.min(widths(table)[0] ?? 0, width - rest);
  return table.map(([first = '', ...cells]) =>
    [first.padEnd(name), ...cells.map((text, i) => text.padStart(numbers[i] ?? 0))].join(GAP),
  );
}

/**
 * Groups remedies with the same reason and prints it once. Without symptom figures there is no table: the
 * symptom's reason is theirs.
 */
function remedyTable({ symptom, remedies }: Verdict, width: number, paint: Paint): readonly string[] {
  if (remedies.length === 0 || Object.keys(symptom.figures).length === 0) return [];
  const head = ['remedy', 'verdict', 'live', 'expected'];
  const rows = remedies.map(({ name, status, inFlight }) => [name, status, inFlight, '']);
  const columns = widths([head, ...rows]);
  const pad = (row: readonly string[]): readonly string[] =>
    row.map((text, i) => text.padEnd(columns[i] ?? 0));
  const row = (remedy: RemedyVerdict): string => {
    const [name = '', status = '', live = ''] = pad([remedy.name, remedy.status, remedy.inFlight]);
    return [name, paint(colourOf(remedy), status), live, mark(remedy, paint)].join(GAP);
  };
  const lines = [...Map.groupBy(remedies, remark)].flatMap(([reason, alike]) => {
    const said = reason === symptom.reason ? AS_THE_FAULT : reason;
    return [...alike.map(row), ...wrap(alike.length > 1 ? `each: ${said}` : said, width, GAP)];
  });
  return [paint('dim', pad(head).join(GAP).trimEnd()), ...lines];
}

/** The scenario's expectations, a line each, with figures below. */
function expectationLines({ expectations = [] }: Verdict, width: number, paint: Paint): readonly string[] {
  return expectations.flatMap(({ phase, expectation, status, reason }) => {
    const judged = { status, expected: 'met' };
    const said = `${paint(colourOf(judged), status)} ${mark(judged, paint)}`;
    return [`${phase}: ${expectation}${GAP}${said}`, ...wrap(reason, width, GAP)];
  });
}

function remark({ status, expected, emulated, reason }: RemedyVerdict): string {
  const surprise = status === expected || status === 'skipped' ? [] : [`expected ${expected};`];
  return [...surprise, ...(emulated ? ['emulated:'] : []), reason].join(' ');
}

function footer(verdict: Verdict, extras: Extras, width: number, paint: Paint): readonly string[] {
  const { outcome, restore, run, seconds } = verdict;
  const why = explainCommand(extras.header);
  const headline = paint(HEADLINE_COLOURS[outcome.headline], outcome.headline);
  return [
    `verdict  ${headline} (exit code ${String(outcome.exitCode)}), after ${count(Math.round(seconds * 10) / 10)} s`,
    `restore  ${restore.status === 'complete' ? 'complete' : paint('red', restore.status)}`,
    ...(run === '' ? [] : [`run      ${run}`]),
    `rerun    ${rerunCommand(extras.header)}`,
    ...(why === undefined ? [] : [`why      ${why}`]),
    ...kernelLog(extras, width),
  ];
}

/** Kernel log lines about a full table. The kernel logs only some of them. */
function kernelLog({ kernelLog: log }: Extras, width: number): readonly string[] {
  const said =
    log.unreadable === undefined
      ? (likeThese(log.lines, '') ?? likeThese(log.unattributed, `; ${UNATTRIBUTED}`))
      : `not readable: ${log.unreadable}`;
  if (said === undefined) return [];
  const [first = '', ...rest] = wrap(said, width - KERNEL.length, '');
  return [`${KERNEL}${first}`, ...rest.map((line) => `${' '.repeat(KERNEL.length)}${line}`)];
}

/** Counts the lines about a full table and quotes the first. */
function likeThese(lines: readonly string[], remark: string): string | undefined {
  const full = lines.filter((line) => line.includes('table full'));
  const [first] = full;
  return first === undefined
    ? undefined
    : `${count(full.length)} ${full.length === 1 ? 'line' : 'lines'} like ${first}${remark}`;
}

interface Judged {
  readonly status: string;
  readonly expected: string;
}

function mark({ status, expected }: Judged, paint: Paint): string {
  if (status === 'skipped') return paint('dim', '–');
  return status === expected && status !== 'inconclusive' ? paint('green', '✓') : paint('red', '✗');
}

function colourOf({ status, expected }: Judged): 'green' | 'yellow' | 'red' {
  if (status === 'inconclusive' || status === 'skipped') return 'yellow';
  return status === expected ? 'green' : 'red';
}
