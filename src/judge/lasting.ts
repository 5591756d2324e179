import type { History, RunHeader } from '../run/history.ts';
import { LOAD_UNITS } from '../scenario/load.ts';
import { ofType, type Observation } from './events.ts';
import type { Figures } from './verdict.ts';
import { about, count } from './words.ts';

/** The last of the demand, by when it was due: by then the pods are all up, and what is opened once has been. */
const LAST_PART = 1 / 3;

/**
 * How long a demand that was met would stay met if it went on. Each entry stays for its lifetime, so a table that
 * grows by so many entries a second settles at growth × lifetime (Little's law). Where that many fit the entries that
 * were free at the phase's start it is `steady` (entries); where not, the table `lasts` so many seconds.
 * The growth is that of the last third of the demand. A remedy that changes the timeout that the lifetime comes from
 * changes the lifetime.
 *
 * @returns one of the two figures; none where the protocol gives no lifetime or the growth is not known
 */
export function lasting(history: History, header: RunHeader, phase: Observation): Figures {
  const { limit, 'entries.first': first, 'entries.max': most } = phase.figures;
  const lifetime = lifetimeOf(history, header, phase.phase.cycle);
  const growth = growthOf(header, phase);
  if (limit === undefined || first === undefined || most === undefined) return {};
  if (lifetime === undefined || growth === undefined) return {};
  const steady = Math.max(most - first, growth * lifetime);
  const free = Math.max(0, limit - first);
  return growth === 0 || steady <= free ? { steady } : { lasts: free / growth };
}

/** `met; steady at 3,200 entries`. */
export function sayLasting({ steady, lasts }: Figures): string {
  if (lasts !== undefined) return `met; at this rate the table lasts ${about(lasts)} s`;
  return steady === undefined ? 'met' : `met; steady at ${count(Math.round(steady))} entries`;
}

/** Entries a second, over the last part of the demand. */
function growthOf(header: RunHeader, { events }: Observation): number | undefined {
  const { demand, node } = header.protocol;
  const began = ofType(events, 'phase').find(({ edge }) => edge === 'start')?.t;
  const due = ofType(events, 'outcomes').flatMap((event) =>
    event.unit === LOAD_UNITS[demand.kind] ? event.due : [],
  );
  if (began === undefined || due.length === 0) return undefined;
  const end = began + due.reduce((a, b) => Math.max(a, b), 0);
  const from = end - (end - began) * LAST_PART;
  const samples = ofType(events, 'sample').filter(
    (sample) => sample.node === node && sample.t >= from && sample.t <= end,
  );
  const [one, other] = [samples.at(0), samples.at(-1)];
  if (one === undefined || other === undefined || one.t === other.t) return undefined;
  return Math.max(0, ((other.entries - one.entries) / (other.t - one.t)) * 1000);
}

/**
 * Which of the timeout sysctls a lifetime comes from is told by the value found before: the one that was as long.
 * (A change of every node found a value on each.) Several may have been; then the longest of the new values, so as
 * not to promise too much.
 */
function lifetimeOf(history: History, header: RunHeader, cycle: string): number | undefined {
  const { lifetime } = header.protocol;
  const shortened = ofType(history, 'change')
    .filter(
      (event) =>
        event.cycle === cycle &&
        event.action === 'apply' &&
        event.found.split(' ').every((found) => Number(found) === lifetime),
    )
    .flatMap(({ change }) =>
      change.kind === 'sysctl' && change.name.includes('_timeout') ? [change.value] : [],
    );
  return shortened.length > 0 ? Math.max(...shortened) : lifetime;
}
