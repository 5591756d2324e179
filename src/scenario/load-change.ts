import type { Change } from '../change/index.ts';
import { changesIn } from './changes-in.ts';
import { explainIssue, problemsFrom, type Problem } from './explain-issue.ts';
import { loadSchema } from '../load/index.ts';
import { suggestion } from '../util/nearest.ts';
import type { Protocol } from '../schema/protocol.ts';

/**
 * What can't be in `{kind: load, set: …}`: the load is known only with the settings in it, so it is read here as the
 * lab will read it in the middle of a run.
 */
export function unsoundLoadChanges(protocol: Protocol): readonly Problem[] {
  const loads = { demand: protocol.demand, ...protocol.background };
  return changesIn(protocol).flatMap((placed) => {
    const { place, change } = innermost(placed.place, placed.change);
    if (change.kind !== 'load') return [];
    const { of = 'demand', set } = change;
    const load = Object.entries(loads).find(([name]) => name === of)?.[1];
    if (load === undefined)
      return [{ place: `${place}.of`, why: `there is no load ${of}; ${suggestion(of, Object.keys(loads))}` }];
    const parsed = loadSchema.safeParse({ ...load, ...set }, { error: explainIssue });
    if (!parsed.success)
      return problemsFrom(parsed.error).map((problem) => ({
        ...problem,
        place: `${place}.set.${problem.place}`,
      }));
    return dangling(`${place}.set`, set, protocol);
  });
}

/** An event has another change in it. */
function innermost(place: string, change: Change): { readonly place: string; readonly change: Change } {
  return change.kind === 'event' ? innermost(`${place}.change`, change.change) : { place, change };
}

/** Pods and services that are set anew and are not in the topology. */
function dangling(
  place: string,
  set: Readonly<Record<string, unknown>>,
  { topology }: Protocol,
): readonly Problem[] {
  const there = [
    ['pods', 'pod set', Object.keys(topology.pods)],
    ['service', 'service', Object.keys(topology.services)],
  ] as const;
  return there.flatMap(([key, kind, names]) => {
    const name = set[key];
    if (typeof name !== 'string' || names.includes(name)) return [];
    return [{ place: `${place}.${key}`, why: `there is no ${kind} ${name}; ${suggestion(name, names)}` }];
  });
}
