import type { z } from 'zod';
import { nearest, suggestion } from '../util/nearest.ts';

type Issue = z.core.$ZodRawIssue;

/** A problem of a scenario: its place (`demand.stages.0.pods`), and what is wrong, with the fix. */
export interface Problem {
  readonly place: string;
  readonly why: string;
}

/** The rest of a problem's place below another one, empty for that one itself; undefined where it is elsewhere. */
export function placeBelow(above: string, place: string): string | undefined {
  if (place === above) return '';
  return place.startsWith(`${above}.`) ? place.slice(above.length + 1) : undefined;
}

/** A zod issue as a message with the fix. Messages of schemas take precedence. */
export function explainIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; give ${named(issue.expected)}`
        : `is ${shown(issue.input)}; give ${named(issue.expected)}`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => noSuchKey(key, keysOf(issue.inst))).join('\n');
    case 'invalid_value':
      return choice(issue.input, issue.values.map(String));
    case 'invalid_union': {
      const { discriminator = '', options = [] } = issue as { discriminator?: string; options?: unknown[] };
      return choice(
        (issue.input as Record<string, unknown> | undefined)?.[discriminator],
        options.map(String),
      );
    }
    case 'too_small':
    case 'too_big':
      return outOfRange(issue);
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return undefined;
  }
}

/** Converts zod's issues to problems: one per unknown key, and the inner issue of an invalid key. */
export function problemsFrom(error: z.ZodError): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const whys = issue.message.split('\n');
      return issue.keys.map((key, i) => ({ place: [...path, key].join('.'), why: whys[i] ?? issue.message }));
    }
    const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
    return [{ place: path.join('.'), why: inner ?? issue.message }];
  });
}

/** For values that must be one of some words. */
function choice(given: unknown, words: readonly string[]): string {
  if (given === undefined) return `is missing; use ${words.join(', ')}`;
  return `is ${shown(given)}; ${suggestion(typeof given === 'string' ? given : '', words)}`;
}

function outOfRange(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const small = issue.code === 'too_small';
  const bound = String(small ? issue.minimum : issue.maximum);
  if (issue.origin === 'string' || issue.origin === 'array') {
    const things = issue.origin === 'string' ? 'characters' : 'items';
    return small ? `is too short; give at least ${bound}` : `is too long; give at most ${bound} ${things}`;
  }
  const than = small ? 'more than' : 'less than';
  const inclusive = small ? 'at least' : 'at most';
  return `is ${shown(issue.input)}; give ${issue.inclusive === true ? inclusive : than} ${bound}`;
}

function noSuchKey(key: string, keys: readonly string[]): string {
  const meant = nearest(key, keys);
  const fix = meant === undefined ? `its keys are ${keys.join(', ')}` : `did you mean ${meant}?`;
  return `unknown key ${shown(key)}; ${fix}`;
}

function keysOf(inst: Issue['inst']): readonly string[] {
  const shape = (inst?._zod.def as { shape?: object } | undefined)?.shape;
  return Object.keys(shape ?? {});
}

const NAMES: Readonly<Record<string, string>> = {
  object: 'keys and values',
  record: 'keys and values',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function named(type: string): string {
  return NAMES[type] ?? type;
}

/** The value on one line, shortened; only the type of a compound value. */
function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return NAMES[typeof value] ?? `a ${typeof value}`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
