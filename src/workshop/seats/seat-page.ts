import type { Lesson } from '../lesson.ts';
import { points } from '../progress.ts';
import type { LabWatch } from './lab-watch.ts';
import type { SeatRecord } from './record.ts';
import type { LearnerView, SeatView, Stage } from './view.ts';

/** At most this many lines of a learner’s page are kept. */
const LINES = 400;

/** What pages say of a seat besides what it does now. */
interface Seated {
  readonly number: number;
  readonly lesson: Lesson;
  readonly record: SeatRecord;
  readonly watch: LabWatch;
}

/** What a seat’s pages show: what it does, what its commands printed, and who is connected. */
export class SeatPage {
  readonly #changed: () => void;
  #stage: Stage = 'waiting';
  #doing = 'waits to be built';
  #lines: readonly string[] = [];
  #pages = 0;
  #terminals = 0;

  /** @param changed called after every change */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** What the seat does, in words. */
  get doing(): string {
    return this.#doing === '' ? this.#stage : this.#doing;
  }

  /** Terminals that are open. */
  get terminals(): number {
    return this.#terminals;
  }

  readonly become = (stage: Stage, doing: string): void => {
    this.#stage = stage;
    this.#doing = doing;
    this.#changed();
  };

  readonly print = (lines: readonly string[]): void => {
    this.#lines = [...this.#lines, ...lines].slice(-LINES);
    this.#changed();
  };

  /** Forgets what was printed. */
  clear(): void {
    this.#lines = [];
  }

  /** Counts pages and terminals that came or went. */
  connect({ pages = 0, terminals = 0 }: { readonly pages?: number; readonly terminals?: number }): void {
    this.#pages += pages;
    this.#terminals += terminals;
    this.#changed();
  }

  /** The seat as the trainer sees it. */
  trainersView({ number, lesson, record, watch }: Seated): SeatView {
    const { attempt, token, solvedAfterMs } = record;
    return {
      ...{ number, path: `/s/${token}`, stage: this.#stage, doing: this.#doing },
      ...{ gauge: watch.gauge, memory: watch.memory },
      ...{ hints: [attempt.hints, lesson.hints.length], checks: attempt.checks, points: points(attempt) },
      outcome: attempt.solved ? 'solved' : attempt.gaveUp ? 'gave up' : 'open',
      ...{ solvedAfterMs, pages: this.#pages, terminals: this.#terminals },
    };
  }

  /**
   * The seat as its learner sees it: nothing of the lesson before the trainer starts.
   *
   * @param startedAt ms since 1970
   * @param places where a terminal opens
   */
  learnersView(seated: Seated, startedAt: number | undefined, places: readonly string[]): LearnerView {
    const { number, stage, doing, points: own, outcome } = this.trainersView(seated);
    const { title, place } = seated.lesson;
    const shown = startedAt !== undefined;
    return {
      ...{ number, title: shown ? title : '', startedAt, now: Date.now() },
      ...{ stage, doing, points: own, outcome },
      places: shown ? places.toSorted((a, b) => Number(b === place) - Number(a === place)) : [],
      lines: shown ? this.#lines : [],
    };
  }
}
