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

/** What the capitals in the name of a family of figures stand for. */
type Values = readonly string[] | { readonly like: RegExp; readonly which: string };

/** One declaration a figure, or a family of them: its computation, its documentation and who may name it. */
interface Declared<Scope extends string, Subject> {
  /**
   * `load`: of each load, its unit before the name. `load-on-node`: the same of one node's pods. `node`: of each node;
   * those of another than the one under test have its name before theirs. `lab`: one for all.
   */
  readonly scope: Scope;
  /** Of a family with capitals for what varies: `p(N)`. */
  readonly name: string;
  readonly values?: Values;
  readonly unit: Unit;
  /** What it is, and when it is absent; Markdown. */
  readonly doc: string;
  /** Where the kernel or the client says so; Markdown. */
  readonly source: string;
  /** What a protocol must have for it to be read. */
  readonly needs?: Need;
  /** `signed`: it may be below 0. `planned`: of the demand, it is never above what is planned. */
  readonly range?: 'signed' | 'planned';
  /** It says how badly the demand was missed, so a remedy may be judged by it. */
  readonly loss?: true;
  /** It counts what the kernel does: what failed while none of them moved failed for another reason. */
  readonly counter?: true;
  /**
   * Its value; of a family, those of all by their names. undefined: nothing was seen of it. Absent: a lab records the
   * value itself, as a total or a measurement of this name.
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

/** What is declared of a figure besides its name and its scope. */
type Said<K extends keyof ByScope> = Omit<ByScope[K], 'scope' | 'name'>;

/**
 * Declares figures of one scope, by their names.
 *
 * @param shared what is so of each that does not say otherwise
 */
export function defineFigures<K extends keyof ByScope, const S extends Partial<Said<K>>>(
  scope: K,
  shared: S,
  figures: Readonly<Record<string, Omit<Said<K>, keyof S> & Partial<Said<K>>>>,
): readonly ByScope[K][] {
  // What is shared and what each says make a declaration together, which the types of their parts can't tell.
  return Object.entries(figures).map(
    ([name, own]) => ({ scope, name, ...shared, ...own }) as unknown as ByScope[K],
  );
}

/** What stands for the values in a family's name. */
const VARIES = /\b[A-Z]+/;

/** A family's name before and after what varies. */
function around({ name }: Pick<Figure, 'name'>): readonly [before: string, after: string] {
  const [before = '', after = ''] = name.split(VARIES, 2);
  return [before, after];
}

/** Is this the figure's name, or that of one of the family? */
export function isNamed(figure: Figure, name: string): boolean {
  const { values } = figure;
  if (values === undefined) return name === figure.name;
  const [before, after] = around(figure);
  if (!name.startsWith(before) || !name.endsWith(after)) return false;
  const value = name.slice(before.length, name.length - after.length);
  return 'like' in values ? values.like.test(value) : values.includes(value);
}

/** Every name that it has; none of a family without end. */
export function namesOf({ name, values }: Figure): readonly string[] {
  if (values === undefined) return [name];
  return 'like' in values ? [] : values.map((value) => name.replace(VARIES, value));
}

/** How to write a name of this family without end; undefined where the name is not meant for one of it. */
export function howToWrite(figure: Figure, name: string): string | undefined {
  const { values } = figure;
  if (values === undefined || !('like' in values) || !name.startsWith(around(figure)[0])) return undefined;
  return `${figure.name} with ${VARIES.exec(figure.name)?.[0] ?? ''} ${values.which}`;
}
