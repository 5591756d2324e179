import { immediateOf, sysctlsOf } from '../change/index.ts';
import type { RecordedPhase, Run } from '../history/run.ts';
import { kindOf } from '../load/index.ts';
import type { RemedyStatus } from '../schema/statuses.ts';
import type { Figures } from '../schema/verdict.ts';
import type { Doubt } from './doubt.ts';
import type { Observation } from './observation.ts';
import { about, count } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** The last part of the demand. By then all pods are up, and lasting connections are open. */
const LAST_PART = 1 / 3;
/** Standard deviations by which counted arrivals may exceed those to be expected: once in 200 by chance. */
const CHANCE = 2.58;

/** What decides how long a met demand stays met. */
type Met = Pick<Observation, 'phase' | 'figures'>;

/** Entries that came over the last part of the demand. */
interface Growth {
  readonly entries: number;
  readonly perSecond: number;
  /** The most that came between two samples. */
  readonly largestStep: number;
}

/**
 * How long a met demand would stay met. A table that grows by `growth` entries a second settles at growth ×
 * lifetime (Little's law). If that many fit into the entries free at the start, the figure is `steady`
 * (entries). Otherwise the table `lasts` that many seconds. Both are for the scenario's own rate, also where
 * the phase went slower.
 *
 * @returns one figure; none for a burst, or where lifetime or growth is unknown
 */
export function lasting(run: Run, met: Met): Figures {
  const growth = lastingGrowth(run, met);
  return growth === undefined ? {} : lastingAt(run, met, growth.perSecond);
}

/**
 * Whether so few entries came that chance alone may make the table seem to fill: a pool of connections opens
 * some at any time, many at once where the machine was held up, and a third of the demand is short beside an
 * entry's lifetime.
 */
export function tooFew(run: Run, met: Met): Doubt | undefined {
  const growth = lastingGrowth(run, met);
  if (growth === undefined || lastingAt(run, met, growth.perSecond).lasts === undefined) return undefined;
  const { entries, perSecond, largestStep } = growth;
  // The square root of a Poisson count has a standard deviation of 1/2.
  const byChance = Math.max(0, Math.sqrt(entries) - CHANCE / 2) ** 2;
  const least = Math.min(byChance, entries - largestStep);
  if (lastingAt(run, met, (perSecond * least) / entries).lasts !== undefined) return undefined;
  const atOnce = least < byChance ? `, ${count(largestStep)} of them at once` : '';
  return {
    reason: `only ${count(entries)} entries came in the last third of the demand${atOnce}: too few to say whether the table would fill`,
  };
}

/** @returns undefined for a burst, too: it does not go on */
function lastingGrowth({ header }: Run, { phase }: Met): Growth | undefined {
  return header.protocol.burst ? undefined : growthOf(header, phase);
}

function lastingAt(run: Run, { phase, figures }: Met, perSecond: number): Figures {
  const { limit, 'entries.first': first, 'entries.max': most } = figures;
  const lifetime = lifetimeOf(run, phase.cycle);
  if (limit === undefined || first === undefined || most === undefined || lifetime === undefined) return {};
  const growth = perSecond * phase.pace;
  const steady = Math.max(most - first, growth * lifetime);
  const free = Math.max(0, limit - first);
  return growth === 0 || steady <= free ? { steady } : { lasts: free / growth };
}

/**
 * The verdict on a met demand: `cured` only if it can go on for ever.
 *
 * @param raised entries by which the remedy raised the maximum
 */
export function judgeMet(
  { steady, lasts }: Figures,
  expected: RemedyStatus,
  raised?: number,
): { readonly status: RemedyStatus; readonly reason: string } {
  if (lasts !== undefined) {
    const hint = expected === 'cured' ? ': postponed is not cured; if that will do, expect postponed' : '';
    return { status: 'postponed', reason: `at this rate the table lasts ${about(lasts)} s${hint}` };
  }
  const parts = [
    'met',
    ...(steady === undefined ? [] : [`steady at ${count(Math.round(steady))} entries`]),
    ...(raised === undefined ? [] : [`the maximum was raised by ${count(raised)}`]),
  ];
  return { status: 'cured', reason: parts.join('; ') };
}

/** @returns undefined where the last part of the demand was not sampled */
export function growthOf({ protocol }: RunHeader, phase: RecordedPhase): Growth | undefined {
  const { demand, node } = protocol;
  const { start: began } = phase;
  const due = phase
    .ofType('outcomes')
    .flatMap((event) => (event.unit === kindOf(demand).unit ? event.due : []));
  if (began === undefined || due.length === 0) return undefined;
  const end = began + due.reduce((a, b) => Math.max(a, b), 0);
  const from = end - (end - began) * LAST_PART;
  const samples = phase
    .ofType('sample')
    .filter((sample) => sample.node === node && sample.t >= from && sample.t <= end);
  const steps = samples.slice(1).flatMap((sample, i) => {
    const before = samples[i];
    return before === undefined ? [] : [{ grown: sample.entries - before.entries, ms: sample.t - before.t }];
  });
  if (steps.length === 0) return undefined;
  // Steps in which the count fell say nothing about arrivals: gc took entries, or they expired.
  const rising = steps.filter(({ grown }) => grown >= 0);
  const ms = rising.reduce((sum, step) => sum + step.ms, 0);
  const entries = rising.reduce((sum, step) => sum + step.grown, 0);
  const largestStep = rising.reduce((most, step) => Math.max(most, step.grown), 0);
  return { entries, perSecond: ms === 0 ? 0 : (entries / ms) * 1000, largestStep };
}

/**
 * The entry lifetime in seconds under the remedy: the new value of `lifetimeSysctl`. Old histories do not
 * name it; there, a timeout equal to the lifetime counts, and of several the longest new value.
 */
function lifetimeOf(run: Run, cycle: string): number | undefined {
  const { lifetime, lifetimeSysctl } = run.header.protocol;
  const changed = run
    .ofType('change')
    .flatMap(({ cycle: of, action, change, before }) =>
      of === cycle && action === 'apply'
        ? Object.entries(sysctlsOf(immediateOf(change))).map(([name, value]) => ({ name, value, before }))
        : [],
    );
  if (lifetimeSysctl !== undefined)
    return changed.findLast(({ name }) => name === lifetimeSysctl)?.value ?? lifetime;
  const shortened = changed.filter(({ name, before }) => name.includes('_timeout') && before === lifetime);
  return shortened.length > 0 ? Math.max(...shortened.map(({ value }) => value)) : lifetime;
}
