import { markdownTable } from '../../src/report/markdown.ts';
import { DURATION } from '../../src/util/duration.ts';

/** The part of JSON Schema (draft 2020-12) that zod writes for our formats. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number | boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** A table of an object's keys, each nested key below its parent: `stages[].pods`, `pods.NAME.replicas`. */
export function schemaTable(schema: JsonSchema): string {
  const rows = keys(schema, '');
  return markdownTable([['key', 'value', 'default', 'what it is'], ...rows]).join('\n');
}

/** Types with a page of their own, by their name in the JSON Schema. */
const PAGES: Readonly<Record<string, string>> = {
  '#/$defs/load': '[load](loads.md)',
  '#/$defs/change': '[change](changes.md)',
  '#/$defs/immediate-change': '[change](changes.md)',
};

/** Plain text as Markdown: kernel names become code, existing code stays. */
export function prose(text: string): string {
  const plain = (part: string): string => part.replaceAll(/[\w./-]*_[\w.…]*/g, '`$&`').replaceAll('<', '\\<');
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? plain(part) : part))
    .join('`');
}

function keys({ properties = {}, required = [] }: JsonSchema, path: string): string[][] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.const !== undefined && name === 'kind') return [];
    const needed = required.includes(name) ? 'needed' : '';
    const value = property.default === undefined ? needed : `\`${JSON.stringify(property.default)}\``;
    const key = path === '' ? name : `${path}.${name}`;
    const row = [
      `\`${key}\``,
      valueOf(property),
      value.replaceAll('"', ''),
      prose(property.description ?? ''),
    ];
    return [row, ...within(property, key)];
  });
}

/** The keys nested in a property. */
function within(property: JsonSchema, path: string): string[][] {
  if (PAGES[property.$ref ?? ''] !== undefined) return [];
  if (property.items !== undefined) return within(property.items, `${path}[]`);
  const { additionalProperties: values } = property;
  if (typeof values === 'object') return within(values, `${path}.NAME`);
  return keys(property, path);
}

function valueOf(property: JsonSchema): string {
  const { enum: words, const: only, anyOf, items, prefixItems, additionalProperties: values } = property;
  const link = PAGES[property.$ref ?? ''];
  if (link !== undefined) return link;
  if (anyOf?.some(({ pattern }) => pattern === DURATION.source)) return 'duration';
  if (anyOf !== undefined) return anyOf.map((each) => valueOf(each)).join(' or ');
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (only !== undefined) return `\`${String(only)}\``;
  if (prefixItems !== undefined || items !== undefined)
    return `list of ${valueOf(items ?? prefixItems?.[0] ?? {})}`;
  if (typeof values === 'object') return `by name: ${valueOf(values)}`;
  return TYPES[property.type ?? '']?.(property) ?? 'any';
}

const TYPES: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  string: () => 'text',
  boolean: () => 'true or false',
  object: () => 'keys and values',
  integer: ({ exclusiveMinimum, ...schema }) =>
    `whole number${range(exclusiveMinimum === undefined ? schema : { ...schema, minimum: exclusiveMinimum + 1 })}`,
  number: (schema) => `number${range(schema)}`,
};

function range({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const bounded = (bound: number | undefined): string | undefined =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER
      ? undefined
      : bound.toLocaleString('en');
  const more = bounded(exclusiveMinimum);
  const from = bounded(minimum) ?? (more && `more than ${more}`);
  const to = bounded(maximum);
  if (from === undefined) return to === undefined ? '' : ` up to ${to}`;
  return to === undefined ? `, ${from} or more` : `, ${from} to ${to}`;
}
