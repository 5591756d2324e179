import type { History, RunHeader } from '../run/history.ts';
import { LOAD_UNITS } from '../scenario/load.ts';
import { ofType } from './events.ts';
import type { Observation } from './observation.ts';
import type { Figures } from './verdict.ts';
import { about, count } from './words.ts';

/**
 * How long a demand that was met would stay met if it went on: entries stand at rate × entries each × lifetime
 * (Little's law). Where that many fit the free entries at the phase's start it is `steady` (entries), where not the
 * table `lasts` so many seconds. A remedy that changes the timeout the lifetime comes from changes the lifetime.
 *
 * @returns one of the two figures; none where the protocol gives no lifetime or the rate is not known
 */
export function lasting(history: History, header: RunHeader, phase: Observation): Figures {
  const { limit, 'entries.first': first, 'entries.perOffered': each = 1 } = phase.figures;
  const lifetime = lifetimeOf(history, header, phase.phase.cycle);
  const rate = rateOf(header, phase);
  if (limit === undefined || first === undefined || lifetime === undefined || rate === undefined) return {};
  const steady = rate * each * lifetime;
  const free = Math.max(0, limit - first);
  return steady <= free ? { steady } : { lasts: free / (rate * each) };
}

/** `met; steady at 3,200 entries`. */
export function sayLasting({ steady, lasts }: Figures): string {
  if (lasts !== undefined) return `met; at this rate the table lasts ${about(lasts)} s`;
  return steady === undefined ? 'met' : `met; steady at ${count(Math.round(steady))} entries`;
}

/** Requests a second, from when they were due. */
function rateOf(header: RunHeader, { events }: Observation): number | undefined {
  const unit = LOAD_UNITS[header.protocol.demand.kind];
  const due = ofType(events, 'outcomes').flatMap((event) => (event.unit === unit ? event.due : []));
  const seconds =
    (due.reduce((a, b) => Math.max(a, b), 0) - due.reduce((a, b) => Math.min(a, b), Infinity)) / 1000;
  return seconds > 0 ? due.length / seconds : undefined;
}

/**
 * Which of the timeout sysctls a lifetime comes from is told by the value found before: the one that was as long.
 * Several may have been; then the longest of the new values, so as not to promise too much.
 */
function lifetimeOf(history: History, header: RunHeader, cycle: string): number | undefined {
  const { lifetime } = header.protocol;
  const shortened = ofType(history, 'change')
    .filter((event) => event.cycle === cycle && event.action === 'apply' && Number(event.found) === lifetime)
    .flatMap(({ change }) =>
      change.kind === 'sysctl' && change.name.includes('_timeout') ? [change.value] : [],
    );
  return shortened.length > 0 ? Math.max(...shortened) : lifetime;
}
