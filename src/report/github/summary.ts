import { resultsOf } from '../../judge/results.ts';
import { count } from '../../judge/words.ts';
import type { Headline, Outcome } from '../../schema/outcome.ts';
import type { Result, Suite, SuiteRunResult } from '../../schema/suite.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { printable } from '../../util/printable.ts';
import { htmlText, markdownTable, markdownText } from '../markdown.ts';

/** Signs that GitHub shows in colour. */
const SIGNS: Readonly<Record<Headline, string>> = {
  PASSED: '✅',
  FAILED: '❌',
  INCONCLUSIVE: '⚠️',
  'NOT RUN': '⏭️',
  INTERRUPTED: '⚠️',
  'NOT RESTORED': '❌',
};
const RESULTS: Readonly<Record<Result['result'], string>> = {
  passed: '✅',
  failed: '❌',
  inconclusive: '⚠️',
  skipped: '⏭️',
};

/** Blocks of a full bar. */
const BAR = 20;

/** A suite as the summary of a job, in GitHub’s Markdown: the headline, a table of all results, a picture. */
export function suiteSummary(judged: Suite): string {
  const suite = printable(judged);
  const { file, outcome, runs, kernel, seconds } = suite;
  const rows = runs.map(({ name, outcome: of, results, seconds: took, attempts }) => [
    SIGNS[of.headline],
    name,
    of.headline,
    String(results.filter(({ result }) => result === 'passed').length),
    String(results.length),
    attempts === 0
      ? ''
      : `${count(Math.round(took))} s${attempts > 1 ? ` (attempt ${String(attempts)})` : ''}`,
  ]);
  return [
    title(file, outcome),
    '',
    ...table([['', 'run', 'result', 'as expected', 'of', 'time'], ...rows]),
    ...runs.flatMap((run) => ['', ...runBlock(run)]),
    '',
    `Kernel ${text(kernel)}, ${count(Math.round(seconds))} s.`,
    '',
  ].join('\n');
}

/** One run as the summary of a job. @param loss the figure that is the share of the demand that failed */
export function runSummary(judged: Verdict, loss: string): string {
  const verdict = printable(judged);
  const { scenario, outcome, kernel, lab, seconds } = verdict;
  return [
    title(scenario, outcome),
    '',
    ...resultTable(resultsOf(verdict)),
    ...picture(resultsOf(verdict), loss),
    '',
    `Kernel ${text(kernel)}, lab ${text(lab)}, ${count(Math.round(seconds))} s.`,
    '',
  ].join('\n');
}

function title(name: string, { headline, summary }: Outcome): string {
  return `## ${SIGNS[headline]} ${headline} ${text(name)}\n\n${text(summary)}.`;
}

/** Folded where all is well. */
function runBlock({ name, outcome, results, loss }: SuiteRunResult): readonly string[] {
  const open = outcome.headline === 'PASSED' ? '' : ' open';
  const body =
    results.length === 0 ? [text(outcome.summary)] : [...resultTable(results), ...picture(results, loss)];
  return [
    `<details${open}><summary>${SIGNS[outcome.headline]} ${htmlText(name)}</summary>`,
    '',
    ...body,
    '',
    '</details>',
  ];
}

function resultTable(results: readonly Result[]): readonly string[] {
  const rows = results.map(({ name, status, reason, result }) => [
    RESULTS[result],
    name,
    `${status}: ${reason}`,
  ]);
  return table([['', 'what must hold', 'what was found'], ...rows]);
}

/** The share of the demand that failed, with the fault and with each remedy, as bars. */
function picture(results: readonly Result[], loss: string): readonly string[] {
  const shares = results.flatMap(({ about, expected, figures }) => {
    const share = figures[loss];
    return share === undefined || expected === 'met'
      ? []
      : [{ name: about === 'symptom' ? 'no remedy' : about, share }];
  });
  if (shares.length === 0) return [];
  const width = Math.max(...shares.map(({ name }) => name.length));
  const bars = shares.map(({ name, share }) => {
    const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
    return `${name.padEnd(width)}  ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${count(Math.round(share * 1000) / 10)} %`;
  });
  return ['', 'The share of the demand that failed:', '', '```text', ...bars, '```'];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows;
  return markdownTable([head, ...body.map((row) => row.map(text))]);
}

/** Plain text in Markdown: neither markup nor HTML, and no mention of a person or an issue. */
function text(plain: string): string {
  return htmlText(markdownText(plain))
    .replaceAll('@', '@\u200B')
    .replaceAll(/#(?=\d)/g, '#\u200B');
}
