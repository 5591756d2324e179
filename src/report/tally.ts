import { isAnswer } from '../load/outcome-words.ts';
import { count } from '../judge/words.ts';
import type { EventOf, HistoryEvent, Phase } from '../schema/history.ts';
import { kindOf, type Load } from '../load/index.ts';
import { Series, sum } from './series.ts';

/** A node's table in a phase. */
export interface NodeTally {
  first: EventOf<'sample'>;
  last: EventOf<'sample'>;
  mostEntries: number;
  /** Free entries: how the last ones go, however large the table is. */
  readonly free: Series;
}

/** Running totals of a phase, for display only. The verdict does not use them. */
export interface Tally {
  readonly phase: Phase;
  /** Which lab it runs in, from 1. */
  readonly lab: number;
  /** Milliseconds since the run began. */
  readonly since: number;
  readonly unit: string;
  /** Operations that the whole phase will offer. */
  readonly planned: number;
  answered: number;
  failed: number;
  /** By node; the node under test first. */
  readonly nodes: Map<string, NodeTally>;
  readonly answers: Series;
  readonly failures: Series;
  /** ms, of the latest answers. */
  readonly latencies: number[];
}

interface Watched {
  readonly node: string;
  readonly demand: Load;
}

/** Latest answers that a latency is told of. */
const LATEST = 200;

/** Tallies of the active phases. Labs run side by side, one phase per cycle each. */
export class Tallies {
  readonly #watched: Watched;
  readonly #byCycle = new Map<string, Tally>();
  /** The namespaces of the node under test, one in each lab. */
  readonly #known = new Set<number>();
  readonly #numbers = new Map<number, number>();
  readonly #labOf = new Map<string, number>();
  readonly #names = new Map<number, string>();

  /** @param watched the run's protocol */
  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The active phases, oldest first. */
  get running(): readonly Tally[] {
    return [...this.#byCycle.values()];
  }

  get labs(): number {
    return this.#known.size;
  }

  /** The node with this namespace; undefined: none of this run's. */
  nodeOf(inode: number): string | undefined {
    return this.#names.get(inode);
  }

  /** Counts an event. @returns its phase's tally; undefined where it belongs to none */
  count(event: HistoryEvent): Tally | undefined {
    if (event.type === 'namespaces') this.#lab(event);
    if (!('phase' in event)) return undefined;
    const { cycle } = event.phase;
    if (event.type === 'phase' && event.edge === 'start') this.#byCycle.set(cycle, this.#begin(event));
    const tally = this.#byCycle.get(cycle);
    if (event.type === 'phase' && event.edge === 'end') this.#byCycle.delete(cycle);
    if (tally && event.type === 'sample') sampled(tally, event);
    else if (tally && event.type === 'outcomes' && event.unit === tally.unit) ended(tally, event);
    return tally;
  }

  #lab({ nodes, cycle }: EventOf<'namespaces'>): void {
    for (const [node, inode] of Object.entries(nodes)) this.#names.set(inode, node);
    const inode = nodes[this.#watched.node];
    if (inode === undefined) return;
    this.#known.add(inode);
    if (cycle === undefined) return;
    // Numbered by when they are first at work.
    const lab = this.#numbers.get(inode) ?? this.#numbers.size + 1;
    this.#numbers.set(inode, lab);
    this.#labOf.set(cycle, lab);
  }

  #begin({ phase, t: since }: EventOf<'phase'>): Tally {
    const { demand } = this.#watched;
    const { unit, planned } = kindOf(demand);
    return {
      phase,
      lab: this.#labOf.get(phase.cycle) ?? 1,
      since,
      unit,
      planned: planned(demand),
      answered: 0,
      failed: 0,
      nodes: new Map(),
      answers: new Series(since, sum),
      failures: new Series(since, sum),
      latencies: [],
    };
  }

  /** The tested node's part of a tally; undefined until it is sampled. */
  tested(tally: Tally): NodeTally | undefined {
    return tally.nodes.get(this.#watched.node);
  }
}

function sampled({ nodes, since }: Tally, event: EventOf<'sample'>): void {
  const { node, t, entries } = event;
  const known = nodes.get(node);
  const tally = known ?? {
    first: event,
    last: event,
    mostEntries: 0,
    free: new Series(since, Math.min),
  };
  tally.last = event;
  tally.mostEntries = Math.max(tally.mostEntries, entries);
  tally.free.add(t, freeIn(event));
  nodes.set(node, tally);
}

function ended(tally: Tally, { t, outcome, due, latency }: EventOf<'outcomes'>): void {
  if (!isAnswer(outcome)) {
    tally.failed += due.length;
    tally.failures.add(t, due.length);
    return;
  }
  tally.answered += due.length;
  tally.answers.add(t, due.length);
  tally.latencies.push(...latency.slice(-LATEST));
  tally.latencies.splice(0, tally.latencies.length - LATEST);
}

function freeIn({ entries, limit }: EventOf<'sample'>): number {
  return Math.max(0, limit - entries);
}

/** How much of the phase’s room is taken, 0 to 1: of the most entries that were free in it. */
export function takenSoFar({ last, free }: NodeTally): number {
  const now = freeIn(last);
  // A column of the series has its least value, so entries that were just freed may not be in it yet.
  const most = Math.max(free.most, now);
  return most > 0 ? 1 - now / most : 1;
}

/** `1,204 of 2,000 answered, 796 failed`. */
export function demandSoFar({ answered, failed, planned }: Tally): string {
  const failures = failed > 0 ? `, ${count(failed)} failed` : '';
  return `${count(answered)} of ${count(planned)} answered${failures}`;
}

/** `0 free of 262,144`. */
export function freeSoFar({ last }: NodeTally): string {
  return `${count(freeIn(last))} free of ${count(last.limit)}`;
}

/** `, +1,200`: the entries that came since the phase began, which are the demand’s; empty where none did. */
export function cameSoFar({ first, last }: NodeTally): string {
  const came = last.entries - first.entries;
  return came === 0 ? '' : `, ${came > 0 ? '+' : '−'}${count(Math.abs(came))}`;
}

/** Packets dropped because of a full table since the phase began. */
export function droppedSoFar({ first, last }: NodeTally): number {
  return last.counters.drop - first.counters.drop;
}
