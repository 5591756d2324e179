import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import type { RemedyStatus } from '../schema/statuses.ts';
import { AS_THE_FAULT, byEffect, EFFECT_TITLES, whyOf, type Effect } from './effects.ts';
import { isAsExpected } from '../schema/result.ts';
import { hanging, widths, wrap, type Paint } from './layout.ts';
import { manifestBlock } from './manifest-block.ts';

const GAP = '  ';
const INDENT = '  ';
/** Instead of the reason of the row above. */
const SAME = 'same';

const COLOURS: Readonly<Record<RemedyStatus, Parameters<Paint>[0]>> = {
  cured: 'green',
  postponed: 'cyan',
  reduced: 'cyan',
  delayed: 'cyan',
  'no-effect': 'dim',
  worse: 'red',
  inconclusive: 'yellow',
  skipped: 'yellow',
};

/** Where a row’s texts begin. */
interface Columns {
  readonly name: number;
  readonly fresh: number;
  /** 0: no remedy was tried on the live table. */
  readonly live: number;
}

/**
 * What helps and what does not: a row per remedy, with its effect on a fresh table, on the live one, and half
 * a line why. Remedies alike in all of it share a row; what was not expected has its reason below.
 *
 * @param reasons print every remedy’s reason
 */
export function remedyLines(
  { symptom, remedies }: Verdict,
  width: number,
  paint: Paint,
  reasons: boolean,
): readonly string[] {
  const judged = remedies.filter(({ status }) => status !== 'skipped' && status !== 'inconclusive');
  const columns = columnsOf(judged);
  const tell = (remedy: RemedyVerdict): string =>
    remedy.reason === symptom.reason ? AS_THE_FAULT : remedy.reason;
  let first = true;
  return byEffect(remedies).flatMap(({ effect, remedies: own }) => {
    if (effect === 'unclear' || effect === 'untried') return without(effect, own, width, paint);
    const title = EFFECT_TITLES[effect];
    const heads = first ? headLine(title, columns) : title;
    first = false;
    const groups = [...Map.groupBy(own, (each) => keyOf(each, reasons))].map(([, alike]) => alike);
    return [
      paint('bold', heads),
      ...groups.flatMap((alike) => rows(alike, columns, width, paint, reasons, tell)),
    ];
  });
}

function columnsOf(judged: readonly RemedyVerdict[]): Columns {
  const [name = 0, fresh = 0, live = 0] = widths(
    judged.map((each) => [each.name, each.status, each.inFlight]),
  );
  const tried = judged.some(({ inFlight }) => inFlight !== 'skipped');
  return { name: Math.max(name, EFFECT_TITLES.fails.length), fresh, live: tried ? live : 0 };
}

function headLine(title: string, { name, fresh, live }: Columns): string {
  const at = INDENT.length + name + GAP.length;
  const heads = live === 0 ? '' : `${'fresh'.padEnd(fresh)}${GAP}live`;
  return `${title.padEnd(at)}${heads}`.trimEnd();
}

function keyOf(remedy: RemedyVerdict, reasons: boolean): string {
  const { name, status, inFlight, reason } = remedy;
  const why = whyOf(remedy);
  // One reason is enough; another status, or a surprise, is another row.
  const alike = why !== undefined && isAsExpected(remedy) ? why : name;
  return [status, inFlight, alike, reasons ? reason : ''].join('\n');
}

function rows(
  alike: readonly RemedyVerdict[],
  columns: Columns,
  width: number,
  paint: Paint,
  reasons: boolean,
  tell: (remedy: RemedyVerdict) => string,
): readonly string[] {
  const [first] = alike;
  if (first === undefined) return [];
  const asExpected = isAsExpected(first);
  const rest = Math.max(0, width - at(columns));
  const why = whyOf(first) ?? (reasons || !asExpected ? '' : tell(first));
  const [half = '', ...more] = wrap(why, rest, '');
  const lines = alike.map((each, i) => row(each, columns, paint, i === 0 ? half : SAME));
  const remark = asExpected ? '' : `expected ${first.expected}: `;
  const told = reasons || !asExpected ? wrap(`${remark}${tell(first)}`, width, '    ') : [];
  return [
    ...lines.slice(0, 1),
    ...more.map((line) => `${' '.repeat(at(columns))}${line}`),
    ...lines.slice(1),
    ...told.map((line) => (asExpected ? line : paint('red', line))),
    ...alike.flatMap((each) => manifestBlock(each, width)),
  ];
}

/** The column of the reason. */
function at({ name, fresh, live }: Columns): number {
  return INDENT.length + name + GAP.length + fresh + GAP.length + (live === 0 ? 0 : live + GAP.length);
}

function row(
  { name, status, inFlight }: RemedyVerdict,
  { name: wide, fresh, live }: Columns,
  paint: Paint,
  why: string,
): string {
  const cells = [
    name.padEnd(wide),
    paint(COLOURS[status], status.padEnd(fresh)),
    ...(live === 0 ? [] : [paint('dim', inFlight.padEnd(live))]),
    why,
  ];
  return `${INDENT}${cells.join(GAP)}`.trimEnd();
}

/** Remedies without a judgement, those with the same reason together. */
function without(
  effect: Effect,
  remedies: readonly RemedyVerdict[],
  width: number,
  paint: Paint,
): readonly string[] {
  return [...Map.groupBy(remedies, ({ reason }) => reason)].flatMap(([reason, alike]) => {
    const names = alike.map(({ name }) => name).join(', ');
    const title = EFFECT_TITLES[effect];
    const [line, ...rest] = hanging(`${title}  ${names}: ${reason}`, width, INDENT);
    return [`${paint(['bold', 'yellow'], title)}${line.slice(title.length)}`, ...rest];
  });
}
