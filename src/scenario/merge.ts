import { suggestion } from '../util/nearest.ts';
import type { Problem } from './explain-issue.ts';

/** Keys and values, merged; or the places where the patch does not fit. */
interface Merged {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Merges a patch into a value as JSON Merge Patch (RFC 7396) does: keys and values merge key by key, an empty
 * value (`null`) removes its key, and everything else, lists included, replaces. Beyond the RFC:
 *
 * - A patch whose `kind` differs replaces the whole value: keys of one kind mean nothing to another.
 * - Removing what is not there is a problem: it is a typing error.
 */
export function merge(base: unknown, patch: unknown, place: readonly string[] = []): Merged {
  if (!isObject(patch) || !isObject(base) || otherKind(base, patch)) return { value: patch, problems: [] };
  const values = new Map(Object.entries(base));
  const problems: Problem[] = [];
  for (const [key, given] of Object.entries(patch)) {
    const at = [...place, key];
    if (given === null) {
      if (!values.delete(key)) problems.push({ place: at.join('.'), why: nothingToRemove(key, base) });
      continue;
    }
    const inner = values.has(key) ? merge(values.get(key), given, at) : { value: given, problems: [] };
    values.set(key, inner.value);
    problems.push(...inner.problems);
  }
  // Own properties only: a key may be __proto__.
  return { value: Object.fromEntries(values), problems };
}

function nothingToRemove(key: string, base: object): string {
  const keys = Object.keys(base);
  return `is empty, which removes it, but there is no ${key}${keys.length === 0 ? '; leave it out' : `; ${suggestion(key, keys)}`}`;
}

function otherKind(base: object, patch: object): boolean {
  return 'kind' in patch && 'kind' in base && patch.kind !== base.kind;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
