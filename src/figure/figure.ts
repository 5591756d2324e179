import type { Protocol } from '../schema/protocol.ts';
import type { Figures } from '../schema/verdict.ts';
import type { Lab } from './lab.ts';
import type { Need } from './needs.ts';
import type { OfferedLoad } from './offered-load.ts';
import type { SampledTable } from './sampled-table.ts';

type Unit =
  | 'count'
  | 'packets'
  | 'entries'
  | 'buckets'
  | 'sockets'
  | 'pods'
  | 'lines'
  | 'CPUs'
  | 'bytes'
  | 'ms'
  | 's'
  | 'a second'
  | 'per offered'
  | 'per answered'
  | 'per lookup'
  | 'ratio'
  | '0 to 1'
  | '0 or 1'
  | 'inode';

/** The values of the capitals in a family's name. */
type Values = readonly string[] | { readonly like: RegExp; readonly which: string };

/** Declares a figure or a family: computation, documentation, and who may name it. */
interface Declared<Scope extends string, Subject> {
  /**
   * `load`: per load, prefixed with its unit. `load-on-node`: per load and node. `node`: per node, prefixed
   * except for the node under test. `lab`: one per lab.
   */
  readonly scope: Scope;
  /** The name; capitals vary in a family: `p(N)`. */
  readonly name: string;
  readonly values?: Values;
  readonly unit: Unit;
  /** Its meaning, and when it is absent; Markdown. */
  readonly doc: string;
  /** The kernel's or client's source; Markdown. */
  readonly source: string;
  /** All names of the family that a protocol's runs have; absent: not limited. */
  readonly declared?: (protocol: Protocol) => readonly string[];
  /** What a protocol must have for it to be read. */
  readonly needs?: Need;
  /** `signed`: may be negative. `planned`: for the demand, at most what is planned. */
  readonly range?: 'signed' | 'planned';
  /** A share of the demand that failed: remedies may be judged by it. */
  readonly loss?: true;
  /** A kernel counter: where none of them moves, failures have another cause. */
  readonly counter?: true;
  /**
   * Its value, or a family's values by name; undefined: not observed. Absent: a lab records the value as a
   * total or measurement of this name.
   */
  readonly of?: (subject: Subject) => number | Figures | undefined;
}

export type LoadFigure = Declared<'load', OfferedLoad>;
export type NodeLoadFigure = Declared<'load-on-node', OfferedLoad>;
export type NodeFigure = Declared<'node', SampledTable>;
export type LabFigure = Declared<'lab', Lab>;
export type Figure = ByScope[keyof ByScope];

/** Figures of one subject: a section of docs/reference/figures.md. */
export interface FigureGroup {
  readonly title: string;
  readonly intro?: string;
  readonly figures: readonly Figure[];
}

interface ByScope {
  readonly load: LoadFigure;
  readonly 'load-on-node': NodeLoadFigure;
  readonly node: NodeFigure;
  readonly lab: LabFigure;
}

/** A declaration without name and scope. */
type Said<K extends keyof ByScope> = Omit<ByScope[K], 'scope' | 'name'>;

/** Declares figures of one scope by name. @param shared defaults of each declaration */
export function defineFigures<K extends keyof ByScope, const S extends Partial<Said<K>>>(
  scope: K,
  shared: S,
  figures: Readonly<Record<string, Omit<Said<K>, keyof S> & Partial<Said<K>>>>,
): readonly ByScope[K][] {
  // The types of the parts can't express that together they are complete.
  return Object.entries(figures).map(
    ([name, own]) => ({ scope, name, ...shared, ...own }) as unknown as ByScope[K],
  );
}

/** The varying part of a family's name. */
const VARIES = /\b[A-Z]+/;

/** A family's name before and after the varying part. */
function around({ name }: Pick<Figure, 'name'>): readonly [before: string, after: string] {
  const [before = '', after = ''] = name.split(VARIES, 2);
  return [before, after];
}

/** Whether the name is the figure's or in its family. */
export function isNamed(figure: Figure, name: string): boolean {
  const { values } = figure;
  if (values === undefined) return name === figure.name;
  const [before, after] = around(figure);
  if (!name.startsWith(before) || !name.endsWith(after)) return false;
  const value = name.slice(before.length, name.length - after.length);
  return 'like' in values ? values.like.test(value) : values.includes(value);
}

/** All its names; none for an unbounded family. */
export function namesOf({ name, values }: Figure): readonly string[] {
  if (values === undefined) return [name];
  return 'like' in values ? [] : values.map((value) => name.replace(VARIES, value));
}

/** How to write a name of an unbounded family; undefined where the name is not meant for it. */
export function howToWrite(figure: Figure, name: string): string | undefined {
  const { values } = figure;
  if (values === undefined || !('like' in values) || !name.startsWith(around(figure)[0])) return undefined;
  return `${figure.name} with ${VARIES.exec(figure.name)?.[0] ?? ''} ${values.which}`;
}
