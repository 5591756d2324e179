import { reachesOut as anyGlobal } from '../change/index.ts';
import { declaredIn } from '../remedy/own.ts';
import type { HistoryEvent, Stage } from '../schema/history.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** ms. How much longer a phase takes in which requests wait for answers, before one was seen: a resent SYN. */
const WAITING = 1200;
/** ms. Clearing and filling the table between phases, before it was seen. */
const BETWEEN = 800;

type Kind = 'well' | 'ill';

/** Estimates how long a run still takes, from the lengths of the phases so far. For display only. */
export class TimeLeft {
  readonly #header: RunHeader;
  readonly #open: Map<string, Stage[]>;
  readonly #lengths: Record<Kind, number[]> = { well: [], ill: [] };
  readonly #gaps: number[] = [];
  /** The end of the last phase of each cycle, ms since the run began. */
  readonly #ended = new Map<string, number>();
  readonly #began = new Map<string, number>();
  /** Cycles beside which no other lab works. */
  readonly #alone: ReadonlySet<string>;
  #labs = 0;
  #done = 0;

  constructor(header: RunHeader) {
    this.#header = header;
    this.#alone = new Set(['symptom', ...header.remedies.filter((name) => reachesOut(name, header))]);
    const stages: readonly Stage[] = header.singlePass ? ['fresh'] : ['confirm', 'live', 'fresh'];
    this.#open = new Map<string, Stage[]>([
      [
        'symptom',
        [
          'baseline',
          'fault',
          ...(header.singlePass && header.remedies.length > 0 ? ['confirm' as const] : []),
        ],
      ],
      ...(header.control ? [] : header.remedies.map((name): [string, Stage[]] => [name, [...stages]])),
    ]);
  }

  count(event: HistoryEvent): void {
    if (event.type === 'namespaces' && event.cycle === undefined) {
      if (this.#header.protocol.node in event.nodes) this.#labs += 1;
    } else if (event.type === 'not-judged') this.#open.delete(event.cycle);
    else if (event.type === 'phase') this.#phase(event.phase.cycle, event.phase.stage, event.edge, event.t);
  }

  /** Phases that are still to come, the active ones included. */
  get phases(): number {
    return [...this.#open.values()].reduce((sum, stages) => sum + stages.length, 0);
  }

  /** Phases that have ended for good. */
  get done(): number {
    return this.#done;
  }

  /** The share of the phases that is over, 0 to 1. */
  get passed(): number {
    return this.#done / Math.max(1, this.#done + this.phases);
  }

  get labs(): number {
    return Math.max(1, this.#labs);
  }

  /** ms, from the end of the last phase; undefined before the baseline has ended. */
  get left(): number | undefined {
    const well = mean(this.#lengths.well);
    if (well === undefined) return undefined;
    const ill = mean(this.#lengths.ill) ?? well + WAITING;
    const gap = mean(this.#gaps) ?? BETWEEN;
    let alone = 0;
    let shared = 0;
    for (const [cycle, stages] of this.#open) {
      const took = stages.reduce(
        (sum, stage) => sum + gap + (this.#kindOf(cycle, stage) === 'well' ? well : ill),
        0,
      );
      if (this.#alone.has(cycle)) alone += took;
      else shared += took;
    }
    return alone + shared / this.labs;
  }

  #phase(cycle: string, stage: Stage, edge: 'start' | 'end', t: number): void {
    if (edge === 'start') {
      const before = this.#ended.get(cycle);
      if (before !== undefined) this.#gaps.push(t - before);
      this.#began.set(cycle, t);
      return;
    }
    const began = this.#began.get(cycle);
    if (began !== undefined) this.#lengths[this.#kindOf(cycle, stage)].push(t - began);
    this.#ended.set(cycle, t);
    const stages = this.#open.get(cycle);
    // A retry ends the same phase once more.
    if (stages?.includes(stage) !== true) return;
    this.#done += 1;
    this.#open.set(
      cycle,
      stages.filter((each) => each !== stage),
    );
  }

  /** Whether requests are answered in a phase, or wait: by what the scenario expects. */
  #kindOf(cycle: string, stage: Stage): Kind {
    const { protocol } = this.#header;
    if (stage === 'baseline') return 'well';
    if (stage !== 'fresh' || protocol.symptom.expected !== 'reproduced')
      return protocol.symptom.expected === 'reproduced' ? 'ill' : 'well';
    const expected = protocol.remedies[cycle] ?? protocol.ownRemedies[cycle]?.expected;
    return expected === 'cured' || expected === 'postponed' ? 'well' : 'ill';
  }
}

/** Whether a remedy changes the machine’s limit: other labs wait meanwhile. */
function reachesOut(name: string, { protocol, privileged, squeeze }: RunHeader): boolean {
  const changes = privileged ? (declaredIn(protocol, name)?.changes(protocol) ?? []) : [];
  return anyGlobal(changes, { privileged, squeeze });
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0) / values.length;
}
