import type { ElementContent } from 'hast';
import { h } from 'hastscript';
import { judge } from '../../judge/judge.ts';
import { sentence } from '../../judge/words.ts';
import { Observations } from '../../judge/observations.ts';
import { extrasOf } from '../../run/reporter.ts';
import type { History } from '../../schema/history.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { changesMade } from '../changes-made.ts';
import { drawOverview } from '../plot/overview.ts';
import { cyclesOf, SYMPTOM_CYCLE } from '../plot/story.ts';
import { cycleBlock } from './cycle-block.ts';
import { htmlDocument } from './document.ts';
import { figureTable } from './figure-tables.ts';
import { demandOf, labDiagram } from './lab-diagram.ts';
import { logMarks } from './log-marks.ts';
import { scroller, section } from './parts.ts';
import { phasesOf, remedyDetails, remedyTables } from './remedies.ts';
import { answerBlock, expectationBlock, kernelBlock, machineBlock, rerunBlock } from './run-sections.ts';
import { WORDS } from './words.ts';

/**
 * The report of a run, as one page of HTML.
 *
 * @param history may break off anywhere
 * @param folder the run’s folder, named on the page
 */
export function runPage(history: History, folder: string, verdict = judge(history, folder)): string {
  const observations = new Observations(history);
  const { run, header } = observations;
  const extras = extrasOf(history);
  const cycles = cyclesOf(run);
  const log = logMarks(run, extras.kernelLog);
  const made = changesMade(run);
  const tried = verdict.remedies.filter(({ name }) => cycles.some((cycle) => cycle.name === name));
  const body: ElementContent[] = [
    answerBlock(verdict, header),
    ...(verdict.remedies.length > 0
      ? [section('remedies', 'Remedies', ...remedyTables(verdict), ...READ_STATUSES)]
      : []),
    ...(cycles.length > 0
      ? [
          section(
            'problem',
            titleOf(verdict),
            h('p', verdict.symptom.reason),
            ...cycleBlock(run, SYMPTOM_CYCLE, made, log),
            ...figureTable(
              header.protocol,
              phasesOf(observations, SYMPTOM_CYCLE, ['baseline', 'fault', 'confirm']),
              'Figures of the problem',
            ),
            ...kernelBlock(extras),
          ),
        ]
      : []),
    ...expectationBlock(verdict),
    ...(tried.length > 0
      ? [
          section(
            'each',
            'Remedy by remedy',
            ...tried.map((remedy) => remedyDetails(remedy, verdict, observations, made, log)),
          ),
        ]
      : []),
    section(
      'lab',
      'The lab',
      h('p', `${sentence(demandOf(header.protocol))}.`),
      scroller('The lab', labDiagram(header, verdict.squeeze)),
      ...(cycles.length > 0
        ? [h('h3', 'What ran when'), scroller('What ran when', drawOverview(cycles, verdict.seconds * 1000))]
        : []),
    ),
    machineBlock(run, verdict, made),
    rerunBlock(verdict, extras),
    WORDS,
  ];
  return htmlDocument(`${verdict.outcome.headline} ${verdict.scenario} · tablefull`, [h('main', body)]);
}

/** Below the tables, for readers who were not there. */
const READ_STATUSES: readonly ElementContent[] = [
  h('p', { class: 'quiet' }, [
    h('strong', 'fresh'),
    ': on a table that was filled again with the remedy in place. ',
    h('strong', 'live'),
    ': on the full table as the fault left it. A placebo is a change without an effect: it must not help.',
  ]),
];

function titleOf({ symptom }: Verdict): string {
  return symptom.status === 'reproduced' ? 'The problem, measured' : `The problem: ${symptom.status}`;
}
