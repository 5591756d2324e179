import type { EventOf, History, HistoryEvent, Phase, RunHeader, Stage } from '../schema/history.ts';

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

/** What was recorded of one phase the last time that it was tried; of one that never began, nothing. */
export class RecordedPhase extends Events<PhaseEvent> {
  readonly cycle: string;
  readonly stage: Stage;
  /** When it began and ended, ms since the run began; undefined where that was not recorded. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** How many times as long as the scenario says the demand took. */
  readonly pace: number;
  /** Was anything recorded of it? */
  readonly tried: boolean;
  /** Changes made from its start to its end, in its cycle: they belong to no phase by themselves. */
  readonly changes: readonly EventOf<'change'>[];

  /** @param changes of the whole run */
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

  /** How long it lasted, ms; undefined where that was not recorded. */
  get length(): number | undefined {
    return this.start === undefined || this.end === undefined ? undefined : this.end - this.start;
  }
}

/** A history, read once: what ran, and what was recorded of each phase. */
export class Run extends Events<HistoryEvent> {
  readonly header: RunHeader;
  readonly #phases: ReadonlyMap<string, readonly PhaseEvent[]>;

  /**
   * @param history it may break off anywhere
   * @throws Error where it has no header: nothing says what ran
   */
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

/** The events of each phase since it was last retried. */
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
