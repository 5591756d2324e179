import { evidence } from '../judge/evidence.ts';
import { MET } from '../figure/met.ts';
import { withoutEvidence } from '../judge/invalid.ts';
import type { Observation } from '../judge/observation.ts';
import { figure } from '../figure/compute.ts';
import { count } from '../judge/words.ts';
import type { HandsOnLab } from '../play/hands-on-lab.ts';
import { judgeHands } from '../play/judged.ts';
import type { Figures } from '../schema/verdict.ts';
import { asChanges, sayDifference, type Difference } from './difference.ts';
import { outcomeOf, type Outcome } from './lesson.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** What a check found. */
export interface Checked {
  readonly outcome: Outcome;
  readonly reason: string;
  /** The demand on the table as it is, and on one that was filled again. */
  readonly now: string;
  readonly afterwards: string;
  /** Whether the demand was met on the table as it is. */
  readonly isMetNow: boolean;
  /** What differs from the lab as it began, a line each; undefined where that is not looked at. */
  readonly found: readonly string[] | undefined;
  /** What failed that did not fail before, a line each. */
  readonly broke: readonly string[];
}

/** A lab as a learner found it. */
export interface Begun {
  readonly handsOn: HandsOnLab;
  /** The figures of the fault without a fix. */
  readonly fault: Figures;
  /** Follows what the learner did by hand; undefined where it shows by the demand alone. */
  readonly byHand: ((signal: AbortSignal) => Promise<ByHand>) | undefined;
}

/** What a learner did by hand. */
export interface ByHand {
  readonly difference: Difference;
  /** Further lines to say. */
  readonly said: readonly string[];
}

/**
 * Judges what the learner made of the lab: by what the demand meets, never by what was typed.
 *
 * @param mayDisturb loads in the background that may fail
 */
export async function check(
  { handsOn, fault, byHand }: Begun,
  mayDisturb: readonly string[],
  signal: AbortSignal,
): Promise<Checked> {
  const { header } = handsOn;
  const { protocol } = header;
  const found = await byHand?.(signal);
  const live = await handsOn.offerLive();
  const fresh = await handsOn.offerFresh();
  const history = handsOn.history({
    live,
    fresh,
    byHand: found === undefined ? [] : asChanges(found.difference, protocol.topology.nodes),
  });
  const { hands: judged } = judgeHands(history);
  const [now, afterwards] = [handsOn.observe(live), handsOn.observe(fresh)];
  const { outcome, reason } = refine(header, now, afterwards, {
    outcome: outcomeOf(judged.status),
    reason: judged.reason,
  });
  return {
    outcome,
    reason,
    now: now.account,
    isMetNow: isMet(header, now),
    afterwards: afterwards.account,
    found: found && [...sayDifference(found.difference), ...found.said],
    broke: newFailures(header, fault, afterwards.figures, mayDisturb),
  };
}

type Judged = Pick<Checked, 'outcome' | 'reason'>;

/** What a learner's fix can be beside what a remedy can. */
function refine(header: RunHeader, now: Observation, afterwards: Observation, judged: Judged): Judged {
  const { protocol } = header;
  if (judged.outcome === 'unclear') {
    const other = withoutEvidence(header, afterwards.phase, afterwards.figures);
    return other === undefined ? judged : { outcome: 'broken', reason: afterwards.account };
  }
  if (judged.outcome === 'unchanged' && isMet(header, now))
    return {
      outcome: 'hidden',
      reason: `gone for now; on a table that is filled again: ${afterwards.account}`,
    };
  if (isMet(header, afterwards) && evidence(protocol, afterwards.figures) === 'all')
    return { outcome: 'hidden', reason: `no client notices, but ${afterwards.account}` };
  return judged;
}

function isMet({ protocol }: RunHeader, { invalid, figures }: Observation): boolean {
  const missed = figure(figures, protocol.symptom.loss);
  return invalid === undefined && missed !== undefined && missed <= MET;
}

/** Loads beside the demand that fail with the fix and did not without it. */
function newFailures(
  { protocol }: RunHeader,
  before: Figures,
  after: Figures,
  mayDisturb: readonly string[],
): readonly string[] {
  const loads = [
    ...(protocol.canaries === undefined ? [] : ['canaries']),
    ...Object.keys(protocol.background),
  ];
  return loads.flatMap((name) => {
    const [was = 0, is = 0] = [before, after].map((figures) => figures[`${name}.failed`]);
    if (is <= was || mayDisturb.includes(name)) return [];
    const what = name === 'canaries' ? 'connections that were open before' : name;
    return [`${what}: ${count(is)} requests failed, ${count(was)} without your change`];
  });
}
