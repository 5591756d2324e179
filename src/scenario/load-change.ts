import { changesIn } from './changes-in.ts';
import { explainIssue, problemsFrom, type Problem } from './explain-issue.ts';
import { loadSchema } from '../load/index.ts';
import { suggestion } from '../util/nearest.ts';
import type { Protocol } from '../schema/protocol.ts';

/**
 * Problems of `{kind: load, set: …}`. The load is complete only with these settings, so it is parsed here as
 * the lab does during a run.
 */
export function unsoundLoadChanges(protocol: Protocol): readonly Problem[] {
  const loads = { demand: protocol.demand, ...protocol.background };
  return changesIn(protocol).flatMap(({ place, change }) => {
    if (change.kind !== 'load') return [];
    const { of = 'demand', set } = change;
    const load = Object.entries(loads).find(([name]) => name === of)?.[1];
    if (load === undefined)
      return [{ place: `${place}.of`, why: `unknown load ${of}; ${suggestion(of, Object.keys(loads))}` }];
    const parsed = loadSchema.safeParse({ ...load, ...set }, { error: explainIssue });
    if (!parsed.success)
      return problemsFrom(parsed.error).map((problem) => ({
        ...problem,
        place: `${place}.set.${problem.place}`,
      }));
    return dangling(`${place}.set`, set, protocol);
  });
}

/** Pods and services in `set` that the topology lacks. */
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
    return [{ place: `${place}.${key}`, why: `unknown ${kind} ${name}; ${suggestion(name, names)}` }];
  });
}
