import { declaredAs } from '../figure/declared.ts';
import type { Comparison, FigureChange, Spread, StatusChange } from '../schema/comparison.ts';
import type { Sample, Side } from './side.ts';

/** Units of figures that do not depend on how fast a machine is. */
const SHARES: readonly string[] = ['0 to 1', 'per offered', 'per answered', 'per lookup'];
/** Units of figures that depend on nothing else. */
const SPEEDS: readonly string[] = ['ms', 's', 'a second', 'CPUs'];

/**
 * How far two single runs may differ in a share: the noise of one run is unknown. Remedies change a share by
 * more, or their verdict differs.
 */
const SINGLE = 0.1;
/** How far repeated runs must differ, beside lying apart: relative to the larger mean. */
const LEAST = 0.05;

/**
 * What changed from one side to the other. A verdict changed where the sides share no conclusive status. A
 * figure changed where its repeats lie apart by more than they differ among themselves; without repeats only
 * shares are compared. Figures of the harness and of the machine's speed are not compared, and counts only at
 * the same pace.
 */
export function compare(a: Side, b: Side): Comparison {
  const keys = [...a.samples.keys()];
  const both = keys.filter((key) => b.samples.has(key));
  const statuses = both.flatMap((key) => statusChange(key, samplesOf(a, key), samplesOf(b, key)));
  return {
    schema: 'tablefull/comparison/v1',
    a: describe(a),
    b: describe(b),
    compared: both.length,
    verdicts: statuses.filter(({ what }) => what === 'changed'),
    unsteady: statuses.filter(({ what }) => what === 'unsteady'),
    inconclusive: statuses.filter(({ what }) => what === 'inconclusive'),
    figures: both.flatMap((key) => figureChanges(key, samplesOf(a, key), samplesOf(b, key))),
    onlyA: keys.filter((key) => !b.samples.has(key)),
    onlyB: [...b.samples.keys()].filter((key) => !a.samples.has(key)),
  };
}

function describe({ name, kind, samples }: Side): Comparison['a'] {
  return { name, kind, repeats: Math.max(0, ...[...samples.values()].map((some) => some.length)) };
}

function samplesOf({ samples }: Side, key: string): readonly Sample[] {
  return samples.get(key) ?? [];
}

function statusChange(key: string, a: readonly Sample[], b: readonly Sample[]): readonly StatusChange[] {
  const [before, after] = [a, b].map((some) => [...new Set(some.map(({ status }) => status))]);
  if (before === undefined || after === undefined) return [];
  const [told, toldAfter] = [before, after].map((some) => some.filter((status) => status !== 'inconclusive'));
  if (told === undefined || toldAfter === undefined) return [];
  const change = { about: key, a: before, b: after };
  if (told.length === 0 || toldAfter.length === 0) {
    return before.includes('inconclusive') || after.includes('inconclusive')
      ? [{ ...change, what: 'inconclusive' }]
      : [];
  }
  if (!told.some((status) => toldAfter.includes(status))) return [{ ...change, what: 'changed' }];
  return told.length > 1 || toldAfter.length > 1 ? [{ ...change, what: 'unsteady' }] : [];
}

function figureChanges(key: string, a: readonly Sample[], b: readonly Sample[]): readonly FigureChange[] {
  const conclusive = (some: readonly Sample[]): readonly Sample[] =>
    some.filter(({ status }) => status !== 'inconclusive' && status !== 'skipped');
  const [before, after] = [conclusive(a), conclusive(b)];
  const paces = new Set([...before, ...after].map(({ pace }) => pace));
  const names = new Set([...before, ...after].flatMap(({ figures }) => Object.keys(figures)));
  return [...names].flatMap((figure) => {
    const { unit, ofHarness = true } = declaredAs(figure) ?? {};
    if (unit === undefined || ofHarness || SPEEDS.includes(unit)) return [];
    const share = SHARES.includes(unit);
    const samePace = paces.size === 1 && !paces.has(undefined);
    if (!share && !samePace) return [];
    const [from, to] = [spreadOf(before, figure), spreadOf(after, figure)];
    if (from === undefined || to === undefined) return [];
    const changed = from.runs > 1 && to.runs > 1 ? apart(from, to) : share && singlesApart(from, to);
    return changed ? [{ about: key, figure, unit, a: from, b: to }] : [];
  });
}

/** Undefined where a run lacks the figure. */
function spreadOf(samples: readonly Sample[], figure: string): Spread | undefined {
  const values = samples.flatMap(({ figures }) => figures[figure] ?? []);
  if (values.length === 0 || values.length < samples.length) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { runs: values.length, mean, least: Math.min(...values), most: Math.max(...values) };
}

/** Whether repeats lie apart by more than the repeats of one side differ among themselves. */
function apart(a: Spread, b: Spread): boolean {
  const gap = Math.max(a.least, b.least) - Math.min(a.most, b.most);
  const noise = Math.max(a.most - a.least, b.most - b.least);
  return gap > noise && Math.abs(a.mean - b.mean) > LEAST * Math.max(Math.abs(a.mean), Math.abs(b.mean));
}

function singlesApart(a: Spread, b: Spread): boolean {
  return Math.abs(a.mean - b.mean) > SINGLE * Math.max(1, Math.abs(a.mean), Math.abs(b.mean));
}
