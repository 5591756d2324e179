import { manifestLines } from '../judge/manifest.ts';
import { asTyped } from '../report/rerun.ts';
import { wrap } from '../report/layout.ts';
import type { ManifestReport } from '../schema/manifest-report.ts';
import type { Checked } from './check.ts';
import { OUTCOMES, type Fix, type Lesson, type Outcome } from './lesson.ts';
import { MOST, points, type Attempt } from './progress.ts';

/** Columns of its texts. */
export const WIDTH = 78;
const FIELD = 12;

/** What a learner gets at first: what users report. */
export function reportLines({ title, report }: Lesson, failures: string): readonly string[] {
  return [title, '', ...wrap(report, WIDTH, ''), ...wrap(`Measured by its users: ${failures}.`, WIDTH, '')];
}

/** How one goes on in a terminal. @param script the npm script that started this process */
export function waysInTerminal(
  { place }: Pick<Lesson, 'place'>,
  onCluster: boolean,
  script: string | undefined,
): readonly string[] {
  const ways = onCluster
    ? 'Find the cause and fix it with kubectl: `s` opens a shell that has it.'
    : `Find the cause and fix it, in shells of the nodes and pods: \`s\` opens one on ${place}, \`s NAME\` elsewhere; or \`tablefull shell\` in another terminal.`;
  return [...wrap(asTyped(script, ways), WIDTH, ''), HELP];
}

export const HELP = 'report   s shell   hint   check   try FILE   explain   solution   reset   q quit';

export function hintLines({ hints }: Lesson, number: number): readonly string[] {
  const hint = hints[number - 1] ?? '';
  return [...wrap(`hint ${String(number)} of ${String(hints.length)}: ${hint}`, WIDTH, '')];
}

/** Whether a check solved the lesson, and whether the fix came the way that the lesson asks for. */
interface Done {
  readonly solved: boolean;
  readonly shipped: boolean;
}

/** What was made of a file; a remedy file says it itself. */
export function triedLines(manifest: ManifestReport | undefined): readonly string[] {
  return (manifest === undefined ? [] : manifestLines(manifest)).flatMap((line) => wrap(line, WIDTH, ''));
}

/** A check's result, and what it is worth. */
export function checkLines(
  { outcome, reason, now, afterwards, found, broke }: Checked,
  done: Done,
  attempt: Attempt,
): readonly string[] {
  return [
    ...field('table now', now),
    ...field('fresh', afterwards),
    ...(found?.length === 0 ? field('you changed', 'no sysctl, rule, route or resolver file') : []),
    ...(found ?? []).flatMap((line, i) => field(i === 0 ? 'you changed' : '', line)),
    ...broke.flatMap((line, i) => field(i === 0 ? 'broken' : '', line)),
    ...field(outcome, outcomeWords({ outcome, reason, afterwards })),
    ...verdictLines(outcome, broke.length > 0, done, attempt),
  ];
}

/** What an outcome means, and why it is one where the numbers do not say. */
export function outcomeWords({
  outcome,
  reason,
  afterwards,
}: Pick<Checked, 'outcome' | 'reason' | 'afterwards'>): string {
  return `${OUTCOMES[outcome]}${reason === afterwards ? '' : `; ${reason}`}`;
}

function verdictLines(
  outcome: Outcome,
  broken: boolean,
  { solved, shipped }: Done,
  attempt: Attempt,
): readonly string[] {
  if (solved)
    return [`SOLVED  ${String(points(attempt))} of ${String(MOST)} points; \`explain\` says why it helps`];
  if (outcome === 'unclear') return ['NOT JUDGED  try `check` again'];
  if (broken) return ['NOT SOLVED  the fix breaks something else'];
  return [shipped ? 'NOT SOLVED' : 'NOT SOLVED  a fix ships as a file here: write one, then `try FILE`'];
}

function field(name: string, text: string): readonly string[] {
  return wrap(text, WIDTH - FIELD, '').map((line, i) => `${(i === 0 ? name : '').padEnd(FIELD)}${line}`);
}

/** A fix and what it comes to. The lines to type are not wrapped. */
export function fixLines({ says, lines, file, outcome, why }: Fix): readonly string[] {
  return [
    `${says} (${outcome}: ${why}):`,
    ...lines.map(({ place, line }) => `  ${place}# ${line}`),
    ...(file === undefined
      ? []
      : [
          `  ${file.name}:`,
          ...file.text
            .trimEnd()
            .split('\n')
            .map((line) => `    ${line}`),
        ]),
  ];
}

/** Why it broke and what helps, as Markdown, with the pages to read next. */
export function explanationOf({ explain, pages }: Pick<Lesson, 'explain' | 'pages'>): string {
  const read = pages.map((page) => `- \`tablefull explain ${page}\``).join('\n');
  return `${explain}\n\nTo read on:\n\n${read}\n`;
}
