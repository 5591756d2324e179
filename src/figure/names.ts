import { kindOf } from '../load/index.ts';
import { CANARIES } from '../load/keepalive/schema.ts';
import type { Protocol } from '../schema/protocol.ts';
import { podsWithTable } from '../schema/topology.ts';
import { nearest, suggestion } from '../util/nearest.ts';
import { howToWrite, isNamed, namesOf, type Figure } from './figure.ts';
import { LAB_FIGURES, LOAD_FIGURES, NODE_FIGURES, NODE_LOAD_FIGURES } from './index.ts';

/** Of a pod's own table: what its samples say. */
const POD_FIGURES: readonly Figure[] = NODE_FIGURES.filter(({ of }) => of !== undefined);

/** The parts of a figure's name in a protocol. */
interface Place {
  /** The node or pod, the load's unit, or both. */
  readonly prefix: string;
  readonly own: string;
  /** The unit of its load. */
  readonly unit?: string;
  /** The figures that take this prefix. */
  readonly figures: readonly Figure[];
}

/**
 * The name in a verdict: `lookup.p(95)` becomes `lookups.p(95)`, and `connect` the unit of the demand's
 * connections.
 */
export function canonicalFigure(name: string, protocol: Protocol): string {
  const [head] = cut(name);
  const units = unitsOf(protocol);
  if (units.includes(head)) return name;
  const connects = head === 'connect' && protocol.demand.kind !== 'dns-client';
  const meant = connects ? kindOf(protocol.demand).unit : `${head}s`;
  return units.includes(meant) ? `${meant}${name.slice(head.length)}` : name;
}

/** The figure of this name in a protocol's runs; undefined where there is none. */
export function figureNamed(name: string, protocol: Protocol): Figure | undefined {
  const { own, figures } = placeOf(name, protocol);
  return figures.find((each) => isNamed(each, own));
}

/** The unit of the figure's load; undefined where it has none. */
export function unitOf(name: string, protocol: Protocol): string | undefined {
  return placeOf(name, protocol).unit;
}

/**
 * Why a protocol's runs lack a figure, and the fix. Families may be unbounded, so this detects a wrong unit,
 * node, counter or measure.
 *
 * @returns undefined where the figure may exist
 */
export function whyNoFigure(name: string, protocol: Protocol): string | undefined {
  const place = placeOf(name, protocol);
  const { prefix, own, figures } = place;
  if (prefix === `${protocol.node}.`) return `figures of the node under test have no prefix; write ${own}`;
  const figure = figures.find((each) => isNamed(each, own));
  if (figure === undefined) return `unknown figure ${name}; ${fixFor(place, protocol)}`;
  const { needs, declared } = figure;
  if (needs !== undefined && !needs.met(protocol)) return `${name} is not read; add ${needs.what}`;
  const names = declared?.(protocol);
  return names === undefined || names.includes(own)
    ? undefined
    : `unknown figure ${name}; ${suggestion(own, names)}`;
}

/** The range of a figure in any run of a protocol. */
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
  const pod = podsWithTable(protocol.topology).find((each) => name.startsWith(`${each}.`));
  if (pod !== undefined) return { prefix: `${pod}.`, own: name.slice(pod.length + 1), figures: POD_FIGURES };
  if (node === undefined) return { prefix: '', own: name, figures: [...NODE_FIGURES, ...LAB_FIGURES] };
  const own = name.slice(node.length + 1);
  const [unit, measure] = cut(own);
  return units.includes(unit)
    ? { prefix: `${node}.${unit}.`, own: measure, unit, figures: NODE_LOAD_FIGURES }
    : { prefix: `${node}.`, own, figures: NODE_FIGURES };
}

/** The units of a protocol's loads, which prefix their figures. */
function unitsOf({ demand, canaries, background }: Protocol): readonly string[] {
  return [kindOf(demand).unit, ...(canaries ? [CANARIES.unit] : []), ...Object.keys(background)];
}

/** Splits at the first dot. */
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
