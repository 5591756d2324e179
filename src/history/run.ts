import type { EventOf, History, HistoryEvent, Phase, Stage } from '../schema/history.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** An event that belongs to one phase. */
export type PhaseEvent = Extract<HistoryEvent, { phase: Phase }>;

/** Events by their type, each oldest first. */
class Events<E extends HistoryEvent> {
  readonly #byType: ReadonlyMap<HistoryEvent['type'], readonly E[]>;

  constructor(events: readonly E[]) {
    this.#byType = Map.groupBy(events, ({ type }) => type);
  }

  ofType<T extends E['type']>(type: T): readonly Extract<E, { type: T }>[] {
    return (this.#byType.get(type) ?? []) as readonly Extract<E, { type: T }>[];
  }
}

/** The last attempt at a phase; empty where it never began. */
export class RecordedPhase extends Events<PhaseEvent> {
  readonly cycle: string;
  readonly stage: Stage;
  /** ms since the run began; undefined where not recorded. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** How many times as long as the scenario says the demand took. */
  readonly pace: number;
  /** Whether anything was recorded. */
  readonly tried: boolean;
  /** Changes of its cycle applied between its start and its end. Change events carry no phase. */
  readonly changes: readonly EventOf<'change'>[];

  /** @param changes all changes of the run */
  constructor({ cycle, stage }: Phase, events: readonly PhaseEvent[], changes: readonly EventOf<'change'>[]) {
    super(events);
    this.cycle = cycle;
    this.stage = stage;
    this.tried = events.length > 0;
    const edges = this.ofType('phase');
    const begun = edges.find(({ edge }) => edge === 'start');
    const [start, end] = [begun?.t, edges.find(({ edge }) => edge === 'end')?.t];
    this.start = start;
    this.end = end;
    this.pace = begun?.pace ?? 1;
    this.changes =
      start === undefined
        ? []
        : changes.filter(
            ({ t, cycle: of, action }) =>
              action === 'apply' && of === cycle && t >= start && t <= (end ?? Infinity),
          );
  }

  /** Whether a remedy was applied. */
  get remedied(): boolean {
    return this.stage === 'fresh' || this.stage === 'live';
  }

  /** Duration in ms; undefined where not recorded. */
  get length(): number | undefined {
    return this.start === undefined || this.end === undefined ? undefined : this.end - this.start;
  }
}

/** A history, indexed by phase and event type. */
export class Run extends Events<HistoryEvent> {
  readonly header: RunHeader;
  readonly #phases: ReadonlyMap<string, readonly PhaseEvent[]>;

  /** @param history may break off anywhere @throws Error where it has no header */
  constructor(history: History) {
    super(history);
    const [header] = this.ofType('run');
    if (header === undefined) throw new Error('the history has no `run` event: nothing says what ran');
    this.header = header;
    this.#phases = phasesOf(history);
  }

  phase(cycle: string, stage: Stage): RecordedPhase {
    const events = this.#phases.get(keyOf({ cycle, stage })) ?? [];
    return new RecordedPhase({ cycle, stage }, events, this.ofType('change'));
  }
}

function keyOf({ cycle, stage }: Phase): string {
  return `${stage} ${cycle}`;
}

/** The events of each phase since its last retry. */
function phasesOf(history: History): ReadonlyMap<string, readonly PhaseEvent[]> {
  const phases = new Map<string, PhaseEvent[]>();
  for (const event of history) {
    if (!('phase' in event)) continue;
    const key = keyOf(event.phase);
    const events = phases.get(key);
    if (events === undefined || event.type === 'retry')
      phases.set(key, event.type === 'retry' ? [] : [event]);
    else events.push(event);
  }
  return phases;
}
