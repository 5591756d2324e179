import type { Element, ElementContent } from 'hast';
import { h } from 'hastscript';
import { manifestLines } from '../../judge/manifest.ts';
import type { Observations } from '../../judge/observations.ts';
import { declaredIn } from '../../remedy/own.ts';
import type { Stage } from '../../schema/history.ts';
import type { RemedyVerdict, Verdict } from '../../schema/verdict.ts';
import { AS_THE_FAULT, byEffect, whyOf, type Effect } from '../effects.ts';
import { isAsExpected } from '../../schema/result.ts';
import type { ChangeMade } from '../changes-made.ts';
import { cycleBlock, type LogMark } from './cycle-block.ts';
import { figureTable, type PhaseFigures } from './figure-tables.ts';
import { facts, idOf, prose, status, table } from './parts.ts';

const TITLES: Readonly<Record<Effect, string>> = {
  helps: 'What helps',
  fails: 'What does not',
  unclear: 'Inconclusive',
  untried: 'Not tried',
};

/** All remedies on one screen: the effect on a fresh table and on the live one, and why. */
export function remedyTables({ remedies, symptom }: Verdict): readonly ElementContent[] {
  return byEffect(remedies).flatMap(({ effect, remedies: own }) => [
    h('h3', { class: effect }, TITLES[effect]),
    table(
      ['remedy', 'fresh', 'live', 'why', 'expected'],
      own.map((remedy) => [
        h('a', { href: `#${remedyId(remedy.name)}` }, remedy.name),
        status(remedy.status),
        remedy.inFlight === 'skipped' ? '–' : status(remedy.inFlight),
        whyOf(remedy) ?? reasonOf(remedy, symptom),
        isAsExpected(remedy)
          ? h('span', { class: 'quiet' }, 'as expected')
          : h('strong', { class: 'odd' }, `expected ${remedy.expected}`),
      ]),
      { caption: TITLES[effect] },
    ),
  ]);
}

/** Everything about one remedy: what it is, what it costs, its plots and figures. */
export function remedyDetails(
  remedy: RemedyVerdict,
  { symptom }: Verdict,
  observations: Observations,
  made: readonly ChangeMade[],
  log: readonly LogMark[],
): Element {
  const { header, run } = observations;
  const declared = declaredIn(header.protocol, remedy.name);
  const why = whyOf(remedy);
  return h('details', { id: remedyId(remedy.name), class: 'remedy' }, [
    h('summary', [
      h('h3', remedy.name),
      ' ',
      status(remedy.status),
      why === undefined ? '' : h('span', { class: 'why' }, ` ${why}`),
    ]),
    facts([
      ['what it is', declared && prose(declared.summary)],
      ['where it applies', declared && prose(declared.applies)],
      ['what it costs', declared && prose(declared.cost)],
      ['result', reasonOf(remedy, symptom)],
      ['expected', isAsExpected(remedy) ? undefined : remedy.expected],
      [
        'emulated',
        remedy.emulated ? 'yes: the lab made room in the table under test, with the same effect' : undefined,
      ],
    ]),
    ...(remedy.manifest === undefined
      ? []
      : [
          h('h4', 'The manifest'),
          h(
            'ul',
            manifestLines(remedy.manifest).map((line) => h('li', line)),
          ),
        ]),
    ...cycleBlock(run, remedy.name, made, log),
    ...figureTable(
      header.protocol,
      phasesOf(observations, remedy.name, ['confirm', 'live', 'fresh']),
      `Figures of ${remedy.name}`,
    ),
  ]);
}

/** The figures of those phases that were tried. */
export function phasesOf(
  observations: Observations,
  cycle: string,
  stages: readonly Stage[],
): readonly PhaseFigures[] {
  return stages.flatMap((stage) => {
    const { phase, figures } = observations.of(cycle, stage);
    return phase.tried ? [[stage, figures] as const] : [];
  });
}

function reasonOf({ reason }: RemedyVerdict, symptom: Verdict['symptom']): string {
  return reason === symptom.reason ? AS_THE_FAULT : reason;
}

/** The id of what the page has of a remedy. */
export function remedyId(name: string): string {
  return `remedy-${idOf(name)}`;
}
