import { about } from '../judge/words.ts';
import { REMEDIES } from '../remedy/index.ts';
import type { Why } from '../remedy/remedy.ts';
import { raiseMaxTo } from '../remedy/raise-max.ts';
import { resultsOf } from '../judge/results.ts';
import { isAsExpected } from '../schema/result.ts';
import type { RemedyStatus } from '../schema/statuses.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';

/** The sections of a verdict’s remedies, in the order in which a reader needs them. */
const EFFECTS = ['helps', 'fails', 'unclear', 'untried'] as const;
export type Effect = (typeof EFFECTS)[number];

/** The reason of a remedy under which the demand fared as in the fault phase. */
export const AS_THE_FAULT = 'as in the fault phase, without a remedy';

export const EFFECT_TITLES: Readonly<Record<Effect, string>> = {
  helps: 'WHAT HELPS',
  fails: 'WHAT DOES NOT',
  unclear: 'INCONCLUSIVE',
  untried: 'NOT TRIED',
};

/** The most helpful first. */
const EFFECT_OF: Readonly<Record<RemedyStatus, Effect>> = {
  cured: 'helps',
  postponed: 'helps',
  reduced: 'helps',
  delayed: 'helps',
  'no-effect': 'fails',
  worse: 'fails',
  inconclusive: 'unclear',
  skipped: 'untried',
};
const RANKS = Object.keys(EFFECT_OF);

/** The remedies of each section, the best first; sections without any are left out. */
export function byEffect(
  remedies: readonly RemedyVerdict[],
): readonly { readonly effect: Effect; readonly remedies: readonly RemedyVerdict[] }[] {
  return EFFECTS.flatMap((effect) => {
    const own = remedies
      .filter(({ status }) => EFFECT_OF[status] === effect)
      .toSorted((a, b) => RANKS.indexOf(a.status) - RANKS.indexOf(b.status));
    return own.length === 0 ? [] : [{ effect, remedies: own }];
  });
}

/**
 * Half a line: why a remedy had its effect, by the scenario or by the remedy’s declaration. Undefined where nobody
 * declared one, or where the effect is not the expected one: then only the figures can say why.
 */
export function whyOf(remedy: RemedyVerdict): string | undefined {
  const { name, status, figures, emulated } = remedy;
  if (!isAsExpected(remedy)) return undefined;
  const why = declared(name);
  const said = figures.lasts === undefined ? undefined : `full again after ${about(figures.lasts)} s`;
  const effect = EFFECT_OF[status];
  const half =
    status === 'postponed' && said !== undefined
      ? said
      : effect === 'helps' || effect === 'fails'
        ? (remedy.why ?? why?.[effect])
        : undefined;
  return emulated && half !== undefined ? `${half} (emulated)` : half;
}

function declared(name: string): Why | undefined {
  return (REMEDIES.find((each) => each.name === name) ?? raiseMaxTo(name, () => 0))?.why;
}

/**
 * `9 of 10 results as expected`, of those that were judged. Undefined where none was, and of an interrupted run: how far
 * that got is in its summary.
 */
export function sayAsExpected(verdict: Verdict): string | undefined {
  const results = resultsOf(verdict).filter(({ result }) => result !== 'skipped');
  if (results.length === 0 || verdict.outcome.headline === 'INTERRUPTED') return undefined;
  const passed = results.filter(({ result }) => result === 'passed').length;
  return `${String(passed)} of ${String(results.length)} results as expected`;
}
