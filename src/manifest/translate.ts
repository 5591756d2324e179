import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../change/index.ts';
import { raiseOf } from '../change/kinds/limit.ts';
import { changesOf, type Effective, type Target } from './effect.ts';
import type { Understood } from './understand.ts';
import { together, type Part } from './understanding.ts';

/** A manifest as a lab can have it. */
export interface Translation {
  readonly changes: readonly Change[];
  /** What stands for what, a line each. */
  readonly lines: readonly string[];
  /** What was not understood, or has no effect in this lab, with why. */
  readonly gaps: readonly string[];
  readonly findings: readonly string[];
}

/** A manifest’s changes in a lab: a cluster gets what it can as it is, and the rest is translated. */
export function translate(understood: readonly Understood[], target: Target): Translation {
  const { cluster } = target.lab;
  const asItIs = cluster ? understood.filter(isApplied) : [];
  const others = understood
    .filter((each) => !asItIs.includes(each))
    .map(({ understanding }) => understanding);
  const parts = together(others).parts;
  const ofMachine = asItIs.flatMap(({ understanding }) => understanding.parts.filter(isOfMachine));
  const { last, overwritten } = lastOfEach([...(cluster ? madeAtOnce(parts) : parts), ...ofMachine]);
  const results = last.map((part) => ({
    said: sayPart(part),
    by: ofMachine.includes(part) ? ', by the lab: a node of kind is a container, and can’t' : '',
    result: changesOf(part.effect, target),
  }));
  return {
    changes: onceEach([
      ...manifestOf(asItIs),
      ...results.flatMap(({ result }) => ('changes' in result ? result.changes : [])),
    ]),
    lines: [
      ...asItIs.map(({ document }) => `${document.name}: as it is`),
      ...results.flatMap(({ said, by, result }) =>
        'changes' in result ? [`${said} → ${meaning(result, said)}${by}`] : [],
      ),
    ],
    gaps: [
      ...together(others).gaps,
      ...overwritten.map((part) => `${sayPart(part)}: a later part sets it again`),
      ...results.flatMap(({ said, result }) => ('why' in result ? [`${said}: ${result.why}`] : [])),
    ],
    findings: together(understood.map(({ understanding }) => understanding)).findings,
  };
}

/** Without its setting where the part has said it. */
function meaning({ means, set }: Effective, said: string): string {
  return set !== undefined && said.endsWith(set.setting) ? set.how : means;
}

/** Whether an object itself goes to an API server: a component’s configuration and a patch are none. */
export function isApplied({ document: { object }, understanding }: Understood): boolean {
  return understanding.asItIs && object.kind !== 'Patch' && !object.apiVersion.includes('.config.k8s.io/');
}

function manifestOf(documents: readonly Understood[]): readonly Change[] {
  const objects = documents.map(({ document }) => document.object);
  return objects.length === 0 ? [] : [{ kind: 'manifest', objects }];
}

function isOfMachine({ effect: { kind, data } }: Part): boolean {
  return kind.isOfMachine?.(data) === true;
}

function sayPart({ where, what }: Part): string {
  return `${where}: ${what}`;
}

function lastOfEach(parts: readonly Part[]): {
  readonly last: readonly Part[];
  readonly overwritten: readonly Part[];
} {
  const writes = parts.map(({ effect: { kind, data } }) => kind.writes?.(data));
  const isLast = (_: Part, i: number): boolean =>
    writes[i] === undefined || !writes.slice(i + 1).includes(writes[i]);
  return {
    last: parts.filter(isLast),
    overwritten: parts.filter((part, i) => !isLast(part, i)),
  };
}

/**
 * Without repetitions. Each `limit` raises the maximum from what it was, so only the last counts: a DaemonSet and
 * kube-proxy may both set it.
 */
function onceEach(changes: readonly Change[]): readonly Change[] {
  return changes.filter((change, i) =>
    raiseOf(change)
      ? change === changes.findLast(raiseOf)
      : i === changes.findIndex((other) => isDeepStrictEqual(other, change)),
  );
}

/** One part for all that their kind makes in one go. */
function madeAtOnce(parts: readonly Part[]): readonly Part[] {
  const joined = parts.filter(({ effect: { kind, data } }) => kind.atOnce?.has(data) === true);
  const groups = Map.groupBy(joined, ({ effect }) => effect.kind);
  return [
    ...parts.filter((part) => !joined.includes(part)),
    ...[...groups].map(([kind, each]) => ({
      where: each[0]?.where ?? '',
      what: each.map(({ what }) => what).join(', '),
      effect: { kind, data: kind.atOnce?.all(each.map(({ effect }) => effect.data)) },
    })),
  ];
}
