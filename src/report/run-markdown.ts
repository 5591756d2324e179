import { count } from '../judge/words.ts';
import { judge } from '../judge/judge.ts';
import { Observations } from '../judge/observations.ts';
import { extrasOf } from '../run/reporter.ts';
import type { History, Stage } from '../schema/history.ts';
import { printable } from '../util/printable.ts';
import { answerOf } from './answer.ts';
import { changesMade, sayMade } from './changes-made.ts';
import { whyOf } from './effects.ts';
import { isAsExpected } from '../schema/result.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { cyclesOf, SYMPTOM_CYCLE } from './plot/story.ts';
import { rerunCommand } from './rerun.ts';

const LINES = 5;

/** A run as Markdown, to paste into a post-mortem: the answer, remedies, figures, what happened when. */
export function runMarkdown(history: History, folder: string): string {
  const observations = new Observations(history);
  const header = printable(observations.header);
  const verdict = printable(judge(history, folder));
  const { kernelLog } = printable(extrasOf(history));
  const { outcome, symptom, remedies, restore, seconds, kernel, lab } = verdict;
  const lines = kernelLog.lines.length > 0 ? kernelLog.lines : kernelLog.unattributed;
  return `${[
    `# ${markdownText(header.scenario)}: ${outcome.headline}`,
    '',
    answerOf(verdict).map(markdownText).join(' '),
    '',
    `- ${markdownText(outcome.summary)}`,
    `- ${lab} lab, kernel ${kernel}, ${count(Math.round(seconds * 10) / 10)} s, from ${header.startedAt}`,
    `- restored: ${restore.status === 'complete' ? 'everything' : [restore.status, ...restore.left].map(markdownText).join('; ')}`,
    ...(verdict.compressed === undefined ? [] : [`- compressed: ${markdownText(verdict.compressed)}`]),
    '',
    '## The problem',
    '',
    `${symptom.status}: ${markdownText(symptom.reason)}`,
    '',
    ...figures(observations),
    ...(remedies.length === 0
      ? []
      : [
          '## Remedies',
          '',
          ...markdownTable([
            ['remedy', 'fresh table', 'live table', 'why', 'expected'],
            ...remedies.map((remedy) => [
              remedy.name,
              `${remedy.status}${remedy.emulated ? ' (emulated)' : ''}`,
              remedy.inFlight,
              markdownText(whyOf(remedy) ?? remedy.reason),
              isAsExpected(remedy) ? 'yes' : `**${remedy.expected}**`,
            ]),
          ]),
          '',
        ]),
    '## What happened when',
    '',
    'Seconds since the run began.',
    '',
    ...timeline(observations),
    ...(lines.length === 0
      ? []
      : ['', `The kernel’s log, ${String(lines.length)} lines:`, '', ...fenced(lines.slice(0, LINES))]),
    '',
    '## Again',
    '',
    ...fenced([rerunCommand(header)]),
    '',
    Object.entries(header.versions)
      .map(([name, version]) => markdownText(`${name} ${version}`))
      .join('; '),
  ].join('\n')}\n`;
}

function figures(observations: Observations): readonly string[] {
  const { header } = observations;
  const stages: readonly Stage[] = ['baseline', 'fault'];
  const [baseline, fault] = stages.map((stage) => observations.of(SYMPTOM_CYCLE, stage).figures);
  const cell = (value: number | undefined): string => (value === undefined ? '–' : count(value));
  const rows = printable(header.protocol.show).flatMap((name) =>
    baseline?.[name] === undefined && fault?.[name] === undefined
      ? []
      : [[`\`${name}\``, cell(baseline?.[name]), cell(fault?.[name])]],
  );
  return rows.length === 0 ? [] : [...markdownTable([['figure', 'baseline', 'fault'], ...rows]), ''];
}

function timeline({ run }: Observations): readonly string[] {
  const phases = cyclesOf(run).flatMap(({ name, bands }) =>
    bands.map(({ stage, from, to }) => ({
      at: from,
      cycle: name,
      text: `phase ${stage}, ${count(Math.round((to - from) / 100) / 10)} s`,
    })),
  );
  const changes = changesMade(run).map((made) => ({ at: made.at, cycle: made.cycle, text: sayMade(made) }));
  const rows = [...phases, ...changes]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, cycle, text }) => [(at / 1000).toFixed(1), printable(cycle), markdownText(printable(text))]);
  return markdownTable([['at', 'cycle', 'what'], ...rows]);
}

/** A fence longer than any in the text. */
function fenced(lines: readonly string[]): readonly string[] {
  const longest = Math.max(0, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [fence, ...lines, fence];
}
