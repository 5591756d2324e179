/** A bench as text: one table, with its machine above and its goals below each work. */
import { compared, median, nameOf, spreadOf } from './figures.ts';
import type { BenchReport, MachineReport, WorkReport } from './report.ts';

/** Cells of one row. */
export type Row = readonly [
  work: string,
  who: string,
  figure: string,
  range: string,
  cpu: string,
  server: string,
  machine: string,
  softirq: string,
];

export const HEADER: Row = [
  'work',
  'by',
  'median',
  'least to most',
  'CPU µs',
  'server µs',
  'machine µs',
  'softirq',
];

/** One line: the machine, and the share that others used. */
export function machineLine({
  cores,
  model,
  memoryGiB,
  kernel,
  node,
  nfConntrackMax,
  steal,
  pressure,
  calibrations,
}: MachineReport): string {
  const speeds = spreadOf(calibrations);
  return [
    `${String(cores)} cores (${model}), ${String(memoryGiB)} GiB, kernel ${kernel}, Node ${node}`,
    ...(nfConntrackMax === null ? [] : [`nf_conntrack_max ${count(nfConntrackMax)}`]),
    `steal ${percent(steal)}`,
    pressure === null ? 'no CPU pressure known' : `CPU pressure ${percent(pressure)}`,
    `calibration ${speeds.median.toFixed(1)} (${Math.min(...calibrations).toFixed(1)} to ${Math.max(...calibrations).toFixed(1)})`,
  ].join(', ');
}

/** The rows of a work, one for each contender. */
export function rowsOf({ title, unit, contenders, why }: WorkReport): readonly Row[] {
  const name = `${title}, ${unit}`;
  if (contenders.length === 0) return [[name, why ?? 'nobody', '–', '', '', '', '', '']];
  return contenders.map(({ name: who, samples, why: missing }, i): Row => {
    const work = i === 0 ? name : '';
    if (samples.length === 0) return [work, who, '–', missing ?? '', '', '', '', ''];
    const values = samples.map(({ value }) => value);
    const middle = (figure: 'cpu' | 'server' | 'machine'): string => {
      const known = samples.flatMap((sample) => sample[figure] ?? []);
      return known.length === 0 ? '' : amount(median(known));
    };
    const softirqs = samples.flatMap(({ softirq }) => softirq ?? []);
    const note = samples.findLast((sample) => sample.note !== undefined)?.note;
    return [
      work,
      `${who}${note === undefined ? '' : ` (${note})`}${missing === undefined ? '' : `; then ${missing}`}`,
      amount(median(values)),
      values.length === 1 ? '' : `${amount(Math.min(...values))} to ${amount(Math.max(...values))}`,
      middle('cpu'),
      middle('server'),
      middle('machine'),
      softirqs.length === 0 ? '' : percent(median(softirqs)),
    ];
  });
}

/** A line for each comparison of a work: its ratio, its noise, its goal. */
export function goalLines(work: WorkReport): readonly string[] {
  return work.comparisons.flatMap((comparison) => {
    const result = compared(work, comparison);
    const { atLeast, atMost } = comparison;
    const goal = [
      ...(atLeast === undefined ? [] : [`goal ≥ ${String(atLeast)}`]),
      ...(atMost === undefined ? [] : [`goal ≤ ${String(atMost)}`]),
    ].join(', ');
    if (result === undefined) return goal === '' ? [] : [`${nameOf(comparison)}: not measured (${goal})`];
    const figure = `${ratio(result.median)} ± ${ratio(result.noise / 2)}`;
    const said = result.met === undefined ? '' : ` (${goal}) ${result.met ? 'met' : 'NOT MET'}`;
    return [`${nameOf(comparison)}: ${figure}${said}`];
  });
}

/** All of it, for a terminal. */
export function textOf(report: BenchReport): string {
  const groups = report.works.map((work) => ({ rows: rowsOf(work), goals: goalLines(work) }));
  const all = [HEADER, ...groups.flatMap(({ rows }) => rows)];
  const widths = HEADER.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: Row): string =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    machineLine(report.machine),
    '',
    line(HEADER),
    ...groups.flatMap(({ rows, goals }) => [...rows.map(line), ...goals.map((goal) => `    ${goal}`), '']),
  ].join('\n');
}

export function ratio(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  return value >= 100 ? count(Math.round(value)) : value.toPrecision(3);
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A figure of any size, with a suitable number of digits. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}
