import { kindOf } from '../load/index.ts';
import { CANARIES } from '../load/keepalive/schema.ts';
import type { Protocol } from '../schema/protocol.ts';
import { nearest } from '../util/nearest.ts';
import { howToWrite, isNamed, namesOf, type Figure } from './figure.ts';
import { LAB_FIGURES, LOAD_FIGURES, NODE_FIGURES, NODE_LOAD_FIGURES } from './index.ts';

/** What a name means in a protocol: whose figure it is, and which one. */
interface Place {
  /** The node, the load's unit, or both, as they stand before the figure's own name. */
  readonly prefix: string;
  readonly own: string;
  /** The unit of the load that it is a figure of. */
  readonly unit?: string;
  /** The figures that may have this prefix. */
  readonly figures: readonly Figure[];
}

/** A figure as it is named in a verdict: `lookup.p(95)` is `lookups.p(95)`, and `connect` is what the demand connects for. */
export function canonicalFigure(name: string, protocol: Protocol): string {
  const [head] = cut(name);
  const units = unitsOf(protocol);
  if (units.includes(head)) return name;
  const connects = head === 'connect' && protocol.demand.kind !== 'dns-client';
  const meant = connects ? kindOf(protocol.demand).unit : `${head}s`;
  return units.includes(meant) ? `${meant}${name.slice(head.length)}` : name;
}

/** The figure that a run of a protocol has by this name; undefined where it has none. */
export function figureNamed(name: string, protocol: Protocol): Figure | undefined {
  const { own, figures } = placeOf(name, protocol);
  return figures.find((each) => isNamed(each, own));
}

/** The unit of the load that this is a figure of; undefined where it is not of a load. */
export function unitOf(name: string, protocol: Protocol): string | undefined {
  return placeOf(name, protocol).unit;
}

/**
 * Why a protocol's run has no such figure, and how to fix it. Families may be without end (an outcome is in the client's
 * own words), so this tells a wrong unit, node, counter or measure.
 *
 * @returns undefined where it may have one
 */
export function whyNoFigure(name: string, protocol: Protocol): string | undefined {
  const place = placeOf(name, protocol);
  const { prefix, own, figures } = place;
  if (prefix === `${protocol.node}.`) return `figures of the node under test have no prefix; write ${own}`;
  const figure = figures.find((each) => isNamed(each, own));
  if (figure === undefined) return `unknown figure ${name}; ${fixFor(place, protocol)}`;
  const { needs } = figure;
  return needs === undefined || needs.met(protocol) ? undefined : `${name} is not read; add ${needs.what}`;
}

/** The least and the most that a figure can be in any run of a protocol. */
export function rangeOf(name: string, protocol: Protocol): readonly [least: number, most: number] {
  const figure = figureNamed(name, protocol);
  if (figure?.range === 'signed') return [-Infinity, Infinity];
  if (figure?.unit === '0 to 1' || figure?.unit === '0 or 1') return [0, 1];
  const { unit, planned } = kindOf(protocol.demand);
  const ofDemand = unitOf(name, protocol) === unit;
  return [0, figure?.range === 'planned' && ofDemand ? planned(protocol.demand) : Infinity];
}

function placeOf(name: string, protocol: Protocol): Place {
  const units = unitsOf(protocol);
  const [head, rest] = cut(name);
  if (units.includes(head)) return { prefix: `${head}.`, own: rest, unit: head, figures: LOAD_FIGURES };
  const node = protocol.topology.nodes.find((each) => name.startsWith(`${each}.`));
  if (node === undefined) return { prefix: '', own: name, figures: [...NODE_FIGURES, ...LAB_FIGURES] };
  const own = name.slice(node.length + 1);
  const [unit, measure] = cut(own);
  return units.includes(unit)
    ? { prefix: `${node}.${unit}.`, own: measure, unit, figures: NODE_LOAD_FIGURES }
    : { prefix: `${node}.`, own, figures: NODE_FIGURES };
}

/** What a protocol's loads count, as their figures begin. */
function unitsOf({ demand, canaries, background }: Protocol): readonly string[] {
  return [kindOf(demand).unit, ...(canaries ? [CANARIES.unit] : []), ...Object.keys(background)];
}

/** Before the first dot, and after it. */
function cut(name: string): readonly [head: string, rest: string] {
  const [head = '', ...rest] = name.split('.');
  return [head, rest.join('.')];
}

function fixFor({ prefix, own, figures }: Place, protocol: Protocol): string {
  const family = figures.map((each) => howToWrite(each, own)).find((each) => each !== undefined);
  if (family !== undefined) return `write ${prefix}${family}`;
  const measures = figures.filter(({ needs }) => needs?.met(protocol) ?? true).flatMap(namesOf);
  const ofUnits = unitsOf(protocol).flatMap((unit) =>
    LOAD_FIGURES.flatMap(namesOf).map((measure) => `${unit}.${measure}`),
  );
  const names = prefix === '' ? [...ofUnits, ...measures] : measures;
  const meant = nearest(own, names);
  if (meant !== undefined) return `did you mean ${prefix}${meant}?`;
  if (figures === LOAD_FIGURES) return `write ${prefix} and one of ${names.join(', ')}`;
  const beginnings = new Set(names.map((each) => cut(each)[0]));
  return `figures begin with ${[...beginnings].join(', ')}: docs/reference/figures.md`;
}
