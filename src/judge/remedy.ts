import { REMEDY_STATUSES, type RemedyStatus } from '../schema/protocol.ts';
import { figure } from '../figure/compute.ts';
import { unitOf } from '../figure/names.ts';
import type { Run } from '../history/run.ts';
import { allHold } from './expectation.ts';
import { judgeMet, lasting } from './lasting.ts';
import { shiftOf, slipOf } from './late.ts';
import { manifestOf } from './manifest.ts';
import { limitMovedBetween, raisedBy } from './limit.ts';
import type { Observation } from './observation.ts';
import type { Observations } from './observations.ts';
import { doubtAbout, type Doubt } from './doubt.ts';
import { asStatus } from './status.ts';
import { MET } from '../figure/met.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { about, count, sayChange } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** The share of the earlier loss up to which a remedy `reduced` it, and from which it made it `worse`. */
const REDUCED = 0.6;
const WORSE = { times: 1.35, atLeast: 0.05 };
/** Failing this much later counts as a delay. */
const DELAYED = { times: 1.5, seconds: 0.3 };

type Judgement = Pick<RemedyVerdict, 'status' | 'reason' | 'blames'>;

/**
 * Judges a remedy by its fresh phase against its confirm phase; a met demand that cannot go on for ever is
 * `postponed` (see `lasting`). A single pass has no live phase, and one confirm phase for all remedies, after
 * the last.
 *
 * @param symptom the verdict on the symptom: without it there is nothing to cure
 * @throws Error where the user expects an unknown status
 */
export function judgeRemedy(
  observations: Observations,
  name: string,
  symptom: Verdict['symptom'],
): RemedyVerdict {
  const { run, header } = observations;
  const why = header.protocol.why[name];
  const verdict = {
    name,
    ...(why !== undefined && { why }),
    expected: expectedOf(header, name),
    emulated: isEmulated(run, name),
    ...manifestOf(run, name),
  };
  try {
    return { ...verdict, ...judgeCycle(observations, name, symptom) };
  } catch (error) {
    return { ...verdict, ...unjudged('inconclusive', { reason: `the judge failed: ${String(error)}` }) };
  }
}

function judgeCycle(
  observations: Observations,
  name: string,
  symptom: Verdict['symptom'],
): Omit<RemedyVerdict, 'name' | 'expected' | 'emulated'> {
  const { run, header } = observations;
  const [excuse] = run.ofType('not-judged').filter(({ cycle }) => cycle === name);
  if (excuse) return unjudged(excuse.status, { reason: excuse.reason });
  const { singlePass } = header;
  const before = observations.of(singlePass ? 'symptom' : name, 'confirm');
  const live = singlePass ? undefined : observations.of(name, 'live');
  const fresh = observations.of(name, 'fresh');
  const tried = [before, live, fresh].some((each) => each?.phase.tried);
  if (!tried && symptom.status === 'not-reproduced')
    return unjudged('skipped', { reason: 'the symptom did not show: nothing to cure' });
  const doubt = notBack(observations, before);
  if (doubt !== undefined) return unjudged('inconclusive', doubt);
  return {
    ...compare(run, before, fresh),
    inFlight: live ? atMostNoEffect(compare(run, before, live).status) : 'skipped',
    figures: {
      ...fresh.figures,
      ...(fresh.invalid === undefined && lasting(run, fresh)),
      ...lossOf(header, before, ...(live ? [live] : [])),
    },
  };
}

/** The expectation of the user, else of the scenario, else `no-effect`. */
function expectedOf(header: RunHeader, name: string): RemedyStatus {
  const own = header.expect[name];
  const { remedies, ownRemedies } = header.protocol;
  return own === undefined
    ? (ownRemedies[name]?.expected ?? remedies[name] ?? 'no-effect')
    : asStatus(own, REMEDY_STATUSES, name);
}

function isEmulated(run: Run, name: string): boolean {
  return run
    .ofType('change')
    .some(({ cycle, action, emulated }) => cycle === name && action === 'apply' && emulated);
}

function unjudged(status: 'skipped' | 'inconclusive', doubt: Doubt) {
  return { status, inFlight: status, ...doubt, figures: {} };
}

/** Why the fault was not confirmed; without it a remedy proves nothing. */
function notBack(observations: Observations, before: Observation): Doubt | undefined {
  const { when, loss } = observations.header.protocol.symptom;
  if (before.invalid !== undefined) return doubtAbout('confirm', before.invalid);
  const { figures: baseline } = observations.of('symptom', 'baseline');
  const again = allHold(when, before.figures, { baseline });
  if (!again.met) return { reason: `the symptom did not come back: ${again.why}` };
  const missed = figure(before.figures, loss);
  if (missed === undefined) return { reason: `confirm: there is no figure ${loss}` };
  return missed > MET ? undefined : { reason: `confirm: the demand was met: ${loss} is ${count(missed)}` };
}

function compare(run: Run, before: Observation, after: Observation): Judgement {
  const { header } = run;
  const { loss, spread = 1 } = header.protocol.symptom;
  const moved = limitMovedBetween(run, before, after);
  const doubt = after.invalid ?? (moved === undefined ? undefined : { reason: moved });
  if (doubt !== undefined) return { status: 'inconclusive', ...doubtAbout(after.phase.stage, doubt) };
  const [was, is] = [figure(before.figures, loss), figure(after.figures, loss)];
  if (was === undefined || is === undefined) {
    return { status: 'inconclusive', reason: `${after.phase.stage}: there is no figure ${loss}` };
  }
  const change = `${loss} ${sayChange(was, is)}`;
  if (is <= MET) {
    const { cycle } = after.phase;
    return judgeMet(lasting(run, after), expectedOf(header, cycle), raisedBy(run, cycle));
  }
  const status = changed(was, is, spread);
  if (status !== undefined) {
    const [earlier, later] = [slipOf(run, before.phase), slipOf(run, after.phase)];
    // As if all that was due while changes were late counted for the other side.
    const otherwise =
      status === 'worse'
        ? changed(was + earlier, is - later, spread)
        : changed(was - earlier, is + later, spread);
    if (otherwise !== status || is - later <= MET)
      return {
        status: 'inconclusive',
        reason: `the machine was busy: ${change}, but what was due in the phases came so late that this may be all of it`,
        blames: 'machine',
      };
    const factor = status === 'worse' ? '' : `, a factor of ${about(was / is)}`;
    return { status, reason: `${change}${factor}; ${after.account}` };
  }
  // What fails by chance begins to by chance.
  const delay = spread > 1 ? undefined : delayOf(run, before, after);
  if (delay !== undefined) return { status: 'delayed', reason: `${delay}; ${after.account}` };
  return { status: 'no-effect', reason: after.account };
}

/** Whether a loss is so much larger or smaller. */
function changed(was: number, is: number, spread: number): 'worse' | 'reduced' | undefined {
  if (is >= Math.max(WORSE.times, spread) * was && is - was >= WORSE.atLeast) return 'worse';
  return is <= Math.min(REDUCED, 1 / spread) * was ? 'reduced' : undefined;
}

/** The live table has less room than the fault had: see docs/decisions/0005-in-flight-has-no-worse.md. */
function atMostNoEffect(status: RemedyStatus): RemedyStatus {
  return status === 'worse' || status === 'delayed' ? 'no-effect' : status;
}

/**
 * Only loads record when they failed; other losses are never `delayed`. What follows a scheduled change comes late where
 * the change did, and it may follow any of them: only a delay beyond that counts.
 */
function delayOf(run: Run, before: Observation, after: Observation): string | undefined {
  const { protocol } = run.header;
  const unit = unitOf(protocol.symptom.loss, protocol);
  if (unit === undefined) return undefined;
  const [was, at] = [before, after].map(({ figures, phase }) => {
    const failed = figures[`${unit}.failingSince`];
    return failed === undefined ? undefined : failed / phase.pace;
  });
  if (was === undefined || at === undefined) return undefined;
  const is = at - shiftOf(run, after.phase);
  const late = is >= DELAYED.times * was && is - was >= DELAYED.seconds;
  return late ? `failing since ${about(is)} s instead of ${about(was)} s` : undefined;
}

/** The loss of earlier phases, as `confirm.NAME` and `live.NAME`. */
function lossOf(header: RunHeader, ...phases: readonly Observation[]): Record<string, number> {
  const { loss } = header.protocol.symptom;
  return Object.fromEntries(
    phases.flatMap(({ phase, figures }) => {
      const value = figure(figures, loss);
      return value === undefined ? [] : [[`${phase.stage}.${loss}`, value]];
    }),
  );
}
