import { footOf, latencyOf, nodesOf, phaseName, type Underway } from '../display.ts';
import {
  cameSoFar,
  demandSoFar,
  droppedSoFar,
  freeSoFar,
  takenSoFar,
  type NodeTally,
  type Tally,
} from '../tally.ts';

/** Columns of a sparkline, 250 ms each. */
const COLUMNS = 120;

/** The newest values of something, for a sparkline; null where nothing was measured. */
type Spark = readonly (number | null)[];

interface LiveNode {
  readonly name: string;
  /** Its free entries, and how many came, in words. */
  readonly table: string;
  /** The part of the phase’s room that is taken, 0 to 1. */
  readonly taken: number;
  readonly dropped: number;
  /** Free entries. */
  readonly free: Spark;
}

interface LivePhase {
  readonly name: string;
  readonly stage: string;
  readonly seconds: number;
  readonly nodes: readonly LiveNode[];
  readonly demand: string;
  readonly latency: string;
  readonly planned: number;
  readonly answered: number;
  readonly failed: number;
  readonly answers: Spark;
  readonly failures: Spark;
}

/** What the page shows of a run in progress. */
interface LiveState {
  readonly foot: string;
  readonly kernel: string | null;
  readonly phases: readonly LivePhase[];
}

/** @param t ms since the run began */
export function stateOf(t: number, underway: Underway): LiveState {
  const { tallies, kernel } = underway;
  return {
    foot: footOf(underway),
    kernel: kernel ?? null,
    phases: tallies.running.map((tally) => phaseOf(tally, t, underway)),
  };
}

function phaseOf(tally: Tally, t: number, { tallies }: Underway): LivePhase {
  const { planned, answered, failed, answers, failures, phase, since } = tally;
  return {
    name: phaseName(tally, tallies),
    stage: phase.stage,
    seconds: Math.max(0, (t - since) / 1000),
    nodes: nodesOf(tally, tallies).map(nodeOf),
    demand: demandSoFar(tally),
    latency: latencyOf(tally).trim(),
    planned,
    answered,
    failed,
    answers: spark(answers),
    failures: spark(failures),
  };
}

function nodeOf(node: NodeTally): LiveNode {
  return {
    name: node.last.node,
    table: `${freeSoFar(node)}${cameSoFar(node)}`,
    taken: takenSoFar(node),
    dropped: droppedSoFar(node),
    free: spark(node.free),
  };
}

function spark(series: NodeTally['free']): Spark {
  return series.columns(COLUMNS).map((value) => value ?? null);
}
