import type { RecordedPhase } from '../history/run.ts';
import { outcomeUnit } from '../schema/figure-name.ts';
import { percentilesIn } from '../schema/figures-named.ts';
import { kindOf } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Figures } from '../schema/verdict.ts';
import { isNamed } from './figure.ts';
import { LAB_FIGURES, LOAD_FIGURES, NODE_FIGURES, NODE_LOAD_FIGURES } from './index.ts';
import { byNode, offeredLoads } from './offered-load.ts';
import { sampledTable } from './sampled-table.ts';

/** Percentiles of every run, besides those its protocol names. */
const PERCENTILES = [50, 95];

type Entries = readonly (readonly [name: string, value: number])[];

/**
 * All figures of a phase by name. Figures of nodes other than the one under test have a prefix:
 * `worker-2.entries.max`. An unobserved figure is absent, never 0.
 */
export function figuresOf(phase: RecordedPhase, protocol: Protocol): Figures {
  const figures: Record<string, number> = Object.fromEntries([
    ...phase.ofType('measured').flatMap((event) => Object.entries(event.figures)),
    ...ofLoads(phase, protocol),
    ...ofTables(phase, protocol.node),
    ...totals(phase, protocol.node),
  ]);
  const unit = kindOf(protocol.demand).unit;
  const lab = {
    phase,
    figures,
    demand: protocol.demand,
    offered: figures[`${unit}.offered`],
    answered: figures[`${unit}.answered`],
  };
  for (const figure of LAB_FIGURES) Object.assign(figures, valuesOf(figure, lab));
  return figures;
}

/**
 * A figure by name. An outcome that did not occur is 0 where its unit was offered; other absent figures are
 * undefined.
 */
export function figure(figures: Figures, name: string): number | undefined {
  const unit = outcomeUnit(name);
  const absent = unit !== undefined && figures[`${unit}.offered`] !== undefined ? 0 : undefined;
  return figures[name] ?? absent;
}

function ofLoads(phase: RecordedPhase, protocol: Protocol): Entries {
  const percentiles = [...new Set([...PERCENTILES, ...percentilesIn(protocol)])];
  return offeredLoads(phase, percentiles).flatMap((load) => [
    ...all(LOAD_FIGURES, load, `${load.unit}.`),
    ...byNode(load).flatMap(([node, part]) => all(NODE_LOAD_FIGURES, part, `${node}.${load.unit}.`)),
  ]);
}

function ofTables(phase: RecordedPhase, underTest: string): Entries {
  return [...Map.groupBy(phase.ofType('sample'), ({ node }) => node)].flatMap(([node, samples]) => {
    const table = sampledTable(samples);
    return table === undefined ? [] : all(NODE_FIGURES, table, prefixOf(node, underTest));
  });
}

/**
 * Differences of totals between the phase's edges; figures of the lab are summed over nodes. Drops totals
 * read at one edge only.
 */
function totals(phase: RecordedPhase, underTest: string): Entries {
  const read = phase.ofType('totals');
  const sums = new Map<string, number>();
  for (const end of read.filter(({ edge }) => edge === 'end')) {
    const start = read.find(({ edge, node }) => edge === 'start' && node === end.node);
    for (const [key, value] of Object.entries(end.totals)) {
      const before = start?.totals[key];
      if (before === undefined) continue;
      const isOfNode = NODE_FIGURES.some((each) => isNamed(each, key));
      const name = isOfNode ? `${prefixOf(end.node, underTest)}${key}` : key;
      sums.set(name, (sums.get(name) ?? 0) + value - before);
    }
  }
  return [...sums];
}

interface Computed<Subject> {
  readonly name: string;
  readonly of?: (subject: Subject) => number | Figures | undefined;
}

function all<Subject>(figures: readonly Computed<Subject>[], subject: Subject, prefix: string): Entries {
  return figures.flatMap((each) =>
    Object.entries(valuesOf(each, subject)).map(([name, value]) => [`${prefix}${name}`, value] as const),
  );
}

function valuesOf<Subject>({ name, of }: Computed<Subject>, subject: Subject): Figures {
  const value = of?.(subject);
  if (value === undefined) return {};
  return typeof value === 'number' ? { [name]: value } : value;
}

function prefixOf(node: string, underTest: string): string {
  return node === underTest ? '' : `${node}.`;
}
