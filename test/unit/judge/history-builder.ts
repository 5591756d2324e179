import type { ConntrackCounter, EventOf, HistoryEvent, Stage } from '../../../src/schema/history.ts';
import { CONNTRACK_COUNTERS } from '../../../src/schema/history.ts';
import { protocolSchema, type Protocol } from '../../../src/schema/protocol.ts';
import type { RunHeader } from '../../../src/schema/run-header.ts';

/** What happened in one phase of a made-up run; what is not said is a quiet, healthy phase. */
export interface PhaseStory {
  /** How long the phase lasts, ms; a second unless said. */
  readonly ms?: number;
  /** Requests due, one each 5 ms. */
  readonly offered?: number;
  /** Of those, answered: the first ones. */
  readonly answered?: number;
  readonly failure?: string;
  readonly lateP95?: number;
  readonly starved?: string;
  /** How many times as long as the scenario says it took. */
  readonly pace?: number;
  /** Entries at the phase's start and at its end; between them they rise evenly. */
  readonly entries?: readonly [first: number, last: number];
  readonly limits?: readonly [first: number, last: number];
  readonly counters?: Partial<Record<ConntrackCounter, number>>;
  /** Totals at the phase's end; they were 0 at its start. */
  readonly totals?: Readonly<Record<string, number>>;
  /** What the harness measured over the phase: `harness.waited.most`, … */
  readonly measured?: Readonly<Record<string, number>>;
  /** No sample between these, ms since the phase began. */
  readonly gap?: readonly [from: number, to: number];
  readonly samples?: boolean;
  readonly ended?: boolean;
}

export const MET: PhaseStory = { offered: 200, answered: 200, entries: [100, 300] };
export const LOSSY: PhaseStory = {
  offered: 200,
  answered: 80,
  entries: [920, 1000],
  counters: { drop: 150 },
  totals: { 'packets.before': 230, 'packets.after': 80 },
};

export const PROTOCOL = protocolSchema.parse({
  topology: {
    nodes: ['worker-1', 'worker-2'],
    pods: { app: { replicas: 1, nodes: ['worker-1'] } },
    services: {},
  },
  node: 'worker-1',
  demand: {
    kind: 'simple-app',
    pods: 'app',
    service: 'web',
    stages: [{ pods: 1, seconds: 1 }],
    requests: 200,
    connectTimeout: 1.3,
  },
  fault: { kind: 'squeeze', node: 'worker-1', free: 80 },
  symptom: {
    expected: 'reproduced',
    when: ['requests.failed.rate > 0.2', 'drop.delta > 0'],
    loss: 'requests.failed.rate',
  },
  show: ['requests.answered', 'requests.outcome[(28)]', 'drop.delta'],
  lifetime: 120,
  // Whatever meets the demand cures.
  burst: true,
  remedies: { 'raise-max': 'cured', 'be-liberal': 'no-effect', placebo: 'no-effect' },
});

type HeaderChange = Partial<Omit<RunHeader, 'protocol'>> & { readonly protocol?: Partial<Protocol> };

/** Writes the history of a made-up run, a phase at a time. */
export class HistoryBuilder {
  readonly events: HistoryEvent[] = [];
  #t = 0;

  constructor(change: HeaderChange = {}) {
    this.events.push({
      type: 'run',
      t: 0,
      schema: 'tablefull/history/v1',
      scenario: 'saturate',
      params: {},
      control: false,
      singlePass: false,
      remedies: [],
      expect: {},
      lab: 'netns',
      squeeze: 'ballast',
      privileged: true,
      kernel: '6.18.5',
      seed: 7,
      startedAt: '2026-01-02T03:04:05.000Z',
      argv: ['run', 'saturate'],
      versions: {},
      ...change,
      protocol: { ...PROTOCOL, ...change.protocol },
    });
  }

  phase(cycle: string, stage: Stage, story: PhaseStory = MET): this {
    const phase = { cycle, stage };
    const start = this.#t;
    const { totals = {}, samples = true, ended = true, ms = 1000, measured, pace } = story;
    const zero = Object.fromEntries(Object.keys(totals).map((name) => [name, 0]));
    this.#add({ type: 'phase', phase, edge: 'start', ...(pace !== undefined && { pace }) }, start);
    this.#add({ type: 'totals', phase, edge: 'start', node: 'worker-1', totals: zero }, start);
    if (samples) this.#samples(phase, story, start);
    this.#outcomes(phase, story, start + ms);
    if (measured) this.#add({ type: 'measured', phase, figures: measured }, start + ms);
    this.#add({ type: 'totals', phase, edge: 'end', node: 'worker-1', totals }, start + ms);
    if (ended) this.#add({ type: 'phase', phase, edge: 'end' }, start + ms);
    this.#t = start + ms + 100;
    return this;
  }

  /** A healthy baseline and a fault that hurts. */
  symptom(fault: PhaseStory = LOSSY, baseline: PhaseStory = MET): this {
    return this.phase('symptom', 'baseline', baseline).phase('symptom', 'fault', fault);
  }

  /** One whose table has another limit than before is one that raised it. */
  remedy(name: string, fresh: PhaseStory, live = fresh, confirm: PhaseStory = LOSSY): this {
    this.phase(name, 'confirm', confirm);
    if (fresh.limits) {
      const change = { kind: 'limit', add: fresh.limits[1] } as const;
      this.with({
        type: 'change',
        cycle: name,
        action: 'apply',
        change,
        node: 'machine',
        before: '',
        after: fresh.limits[1],
        emulated: false,
      });
    }
    return this.phase(name, 'live', live).phase(name, 'fresh', fresh);
  }

  /** Any other event, at the time the last phase ended. */
  with(event: Untimed): this {
    this.#add(event, this.#t);
    return this;
  }

  /** Restored and over. */
  over(status: EventOf<'end'>['status'] = 'completed', reason = 'all phases ran'): readonly HistoryEvent[] {
    return this.with({ type: 'restore', status: 'complete', left: [] }).with({ type: 'end', status, reason })
      .events;
  }

  #samples(phase: EventOf<'sample'>['phase'], story: PhaseStory, start: number): void {
    const { entries: [e0, e1] = [100, 100], limits: [l0, l1] = [1000, 1000], counters = {} } = story;
    const { ms = 1000, gap: [from, to] = [0, 0] } = story;
    // Every 50 ms, as a lab does; in a short phase more often.
    const steps = Math.max(20, Math.ceil(ms / 50));
    for (const part of Array.from({ length: steps + 1 }, (_, i) => i / steps)) {
      if (part * ms > from && part * ms < to) continue;
      this.#add(
        {
          type: 'sample',
          phase,
          node: 'worker-1',
          entries: Math.round(e0 + part * (e1 - e0)),
          limit: part < 1 ? l0 : l1,
          buckets: 512,
          counters: countersOf((name) => Math.round(5 + part * (counters[name] ?? 0))),
        },
        start + part * ms,
      );
    }
  }

  #outcomes(phase: EventOf<'sample'>['phase'], story: PhaseStory, t: number): void {
    const {
      offered = 200,
      answered = offered,
      failure = '(28) Connection timed out',
      lateP95 = 1,
      starved,
    } = story;
    const due = Array.from({ length: offered }, (_, i) => 5 * i);
    const unit = 'requests';
    const [met, missed] = [due.slice(0, answered), due.slice(answered)];
    this.#add({ type: 'outcomes', phase, unit, outcome: 'ok', due: met, latency: met.map(() => 2) }, t);
    this.#add(
      { type: 'outcomes', phase, unit, outcome: failure, due: missed, latency: missed.map(() => 1300) },
      t,
    );
    this.#add(
      { type: 'offered', phase, unit, count: offered, lateP95, ...(starved !== undefined && { starved }) },
      t,
    );
  }

  #add(event: Untimed, t: number): void {
    this.events.push({ ...event, t });
  }
}

/** An event before it has a time. */
type Untimed = HistoryEvent extends infer E ? (E extends HistoryEvent ? Omit<E, 't'> : never) : never;

function countersOf(value: (name: ConntrackCounter) => number): Record<ConntrackCounter, number> {
  return Object.fromEntries(CONNTRACK_COUNTERS.map((name) => [name, value(name)])) as Record<
    ConntrackCounter,
    number
  >;
}

/** A change that a remedy makes. */
export function changeEvent(change: EventOf<'change'>['change'], before: string | number, emulated = false) {
  return {
    type: 'change',
    cycle: 'raise-max',
    action: 'apply',
    change,
    node: 'worker-1',
    before,
    after: '',
    emulated,
  } as const;
}
