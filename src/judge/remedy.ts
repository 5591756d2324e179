import { REMEDY_STATUSES, type RemedyStatus } from '../schema/protocol.ts';
import type { History, RunHeader } from '../schema/history.ts';
import { headerOf, ofType, paceOf, type Observation } from '../history/select.ts';
import { allHold } from './expectation.ts';
import { figure } from './figures.ts';
import { judgeMet, lasting } from './lasting.ts';
import { limitMovedBetween, raisedBy } from './limit.ts';
import { observe } from './observation.ts';
import { asStatus } from './status.ts';
import { MET } from './spoilt.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { about, count, sayChange } from './words.ts';

/** Of what was unmet before, a remedy that leaves no more than this has reduced it; at `WORSE` it made it worse. */
const REDUCED = 0.6;
const WORSE = { times: 1.35, atLeast: 0.05 };
/** A first failure so much later counts as a delay. */
const DELAYED = { times: 1.5, seconds: 0.3 };

type Judgement = Pick<RemedyVerdict, 'status' | 'reason'>;

/**
 * Did a remedy help? The fault is seen again without it (`seen-again`), then with it on the table as it is
 * (`in-flight`) and on a table filled anew (`refilled`); the verdict is the last. In a brief run there is no phase in
 * flight, and the fault is seen again once for all remedies, after the last. A demand that was met, but could not go on
 * for ever, is `postponed`; see `lasting`.
 *
 * @param symptom the verdict on the symptom: what did not show can't be cured
 * @throws Error where the user expects of it what can't be
 */
export function judgeRemedy(history: History, name: string, symptom: Verdict['symptom']): RemedyVerdict {
  const header = headerOf(history);
  const verdict = { name, expected: expectedOf(header, name), emulated: isEmulated(history, name) };
  try {
    return { ...verdict, ...judgeCycle(history, header, name, symptom) };
  } catch (error) {
    return { ...verdict, ...unjudged('inconclusive', `the judge failed: ${String(error)}`) };
  }
}

function judgeCycle(
  history: History,
  header: RunHeader,
  name: string,
  symptom: Verdict['symptom'],
): Omit<RemedyVerdict, 'name' | 'expected' | 'emulated'> {
  const [excuse] = ofType(history, 'not-judged').filter(({ cycle }) => cycle === name);
  if (excuse) return unjudged(excuse.status, excuse.reason);
  const { brief } = header;
  const before = observe(history, brief ? 'symptom' : name, 'seen-again');
  const inFlight = brief ? undefined : observe(history, name, 'in-flight');
  const refilled = observe(history, name, 'refilled');
  const tried = [before, inFlight, refilled].some((phase) => phase !== undefined && phase.events.length > 0);
  if (!tried && symptom.status === 'not-reproduced')
    return unjudged('skipped', 'the symptom did not show: nothing to cure');
  const doubt = notBack(history, header, before);
  if (doubt !== undefined) return unjudged('inconclusive', doubt);
  return {
    ...compare(history, header, before, refilled),
    inFlight: inFlight ? atMostNoEffect(compare(history, header, before, inFlight).status) : 'skipped',
    figures: {
      ...refilled.figures,
      ...(refilled.spoilt === undefined && lasting(history, header, refilled)),
      ...unmetOf(header, before, ...(inFlight ? [inFlight] : [])),
    },
  };
}

/** As the user expects, the scenario, or the remedy itself where it is the scenario's own; else that it does nothing. */
function expectedOf(header: RunHeader, name: string): RemedyStatus {
  const own = header.expect[name];
  const { remedies, ownRemedies } = header.protocol;
  return own === undefined
    ? (ownRemedies[name]?.expected ?? remedies[name] ?? 'no-effect')
    : asStatus(own, REMEDY_STATUSES, name);
}

function isEmulated(history: History, name: string): boolean {
  return ofType(history, 'change').some(
    ({ cycle, action, emulated }) => cycle === name && action === 'apply' && emulated,
  );
}

function unjudged(status: 'skipped' | 'inconclusive', reason: string) {
  return { status, inFlight: status, reason, figures: {} };
}

/** Without the symptom before it, a remedy proves nothing. */
function notBack(history: History, header: RunHeader, before: Observation): string | undefined {
  const { when, unmet } = header.protocol.symptom;
  if (before.spoilt !== undefined) return `seen again: ${before.spoilt}`;
  const { figures: baseline } = observe(history, 'symptom', 'baseline');
  const again = allHold(when, before.figures, { baseline });
  if (!again.met) return `the symptom did not come back: ${again.why}`;
  const missed = figure(before.figures, unmet);
  if (missed === undefined) return `seen again: there is no figure ${unmet}`;
  return missed > MET ? undefined : `seen again, the demand was met: ${unmet} is ${count(missed)}`;
}

function compare(history: History, header: RunHeader, before: Observation, after: Observation): Judgement {
  const { unmet } = header.protocol.symptom;
  const doubt = after.spoilt ?? limitMovedBetween(history, header, before, after);
  if (doubt !== undefined) return { status: 'inconclusive', reason: `${after.phase.stage}: ${doubt}` };
  const [was, is] = [figure(before.figures, unmet), figure(after.figures, unmet)];
  if (was === undefined || is === undefined) {
    return { status: 'inconclusive', reason: `${after.phase.stage}: there is no figure ${unmet}` };
  }
  const change = `${unmet} ${sayChange(was, is)}`;
  if (is <= MET) {
    const { cycle } = after.phase;
    return judgeMet(lasting(history, header, after), expectedOf(header, cycle), raisedBy(history, cycle));
  }
  if (is >= WORSE.times * was && is - was >= WORSE.atLeast)
    return { status: 'worse', reason: `${change}; ${after.account}` };
  if (is <= REDUCED * was)
    return { status: 'reduced', reason: `${change}, a factor of ${about(was / is)}; ${after.account}` };
  const delay = delayOf(header, before, after);
  if (delay !== undefined) return { status: 'delayed', reason: `${delay}; ${after.account}` };
  return { status: 'no-effect', reason: after.account };
}

/** In flight there is less room than the fault had, whatever the remedy: see docs/decisions/0005-in-flight-has-no-worse.md. */
function atMostNoEffect(status: RemedyStatus): RemedyStatus {
  return status === 'worse' || status === 'delayed' ? 'no-effect' : status;
}

function delayOf(header: RunHeader, before: Observation, after: Observation): string | undefined {
  const name = `${header.protocol.symptom.unmet.split('.')[0] ?? ''}.firstFailure`;
  const [was, is] = [before, after].map(({ figures, events }) => {
    const failed = figures[name];
    return failed === undefined ? undefined : failed / paceOf(events);
  });
  if (was === undefined || is === undefined) return undefined;
  const late = is >= DELAYED.times * was && is - was >= DELAYED.seconds;
  return late ? `first failure at ${about(is)} s instead of ${about(was)} s` : undefined;
}

/** What the verdict was measured against, as `seen-again.NAME` and `in-flight.NAME`. */
function unmetOf(header: RunHeader, ...phases: readonly Observation[]): Record<string, number> {
  const { unmet } = header.protocol.symptom;
  return Object.fromEntries(
    phases.flatMap(({ phase, figures }) => {
      const value = figure(figures, unmet);
      return value === undefined ? [] : [[`${phase.stage}.${unmet}`, value]];
    }),
  );
}
