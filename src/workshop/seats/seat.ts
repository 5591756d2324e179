import type { Hands } from '../../lab/hands.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import type { HistoryEvent } from '../../schema/history.ts';
import type { Lesson } from '../lesson.ts';
import type { OpenLesson } from '../open-lesson.ts';
import { points } from '../progress.ts';
import { LessonSession } from '../session.ts';
import { explanationOf } from '../text.ts';
import { LabWatch } from './lab-watch.ts';
import { sayPlace, type Queue } from './queue.ts';
import type { SeatRecord } from './record.ts';
import type { LearnerView, SeatCommand, SeatView, Stage } from './view.ts';
import { oneLine } from '../../util/error-text.ts';

/** What a seat needs of the class. */
export interface SeatOptions {
  readonly number: number;
  readonly lesson: Lesson;
  /** What was done before. */
  readonly record: SeatRecord;
  /** Opens a broken lab. @param say what it does meanwhile */
  readonly open: (
    seat: Pick<Seat, 'number' | 'follow'>,
    say: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<OpenLesson>;
  /** For labs that are built or checked: so that a busy machine does not disturb what they measure. */
  readonly queue: Queue;
  /** When the trainer started, ms since 1970. */
  readonly startedAt: () => number | undefined;
  /** Called after every change. */
  readonly changed: () => void;
  /** Keeps the record. */
  readonly keep: () => Promise<void>;
}

/** At most this many lines of a learner’s page are kept. */
const LINES = 400;
const COLUMNS = 78;
/** A lab that does not break on a busy machine is built again. */
const ATTEMPTS = 3;
const WAYS = ['Find the cause and fix it, in terminals of the nodes and pods.'];

/** A learner’s lab in a class, with the commands of the workshop. One command at a time. */
export class Seat implements AsyncDisposable {
  readonly #options: SeatOptions;
  readonly #signal: AbortSignal;
  #record: SeatRecord;
  #session: LessonSession | undefined;
  #lab: OpenLesson | undefined;
  #stage: Stage = 'waiting';
  #doing = 'waits to be built';
  #lines: string[] = [];
  readonly #watch: LabWatch;
  /** Ends what the lab does now. */
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();
  /** The new lab that is not begun yet: another one would not differ from it. */
  #queued: Promise<void> | undefined;
  #pages = 0;
  #terminals = 0;

  constructor(options: SeatOptions, signal: AbortSignal) {
    this.#options = options;
    this.#record = options.record;
    this.#signal = signal;
    this.#watch = new LabWatch(options.changed);
  }

  get number(): number {
    return this.#options.number;
  }

  get record(): SeatRecord {
    return this.#record;
  }

  /** The way into its lab; undefined while there is none. */
  get hands(): Hands | undefined {
    return this.#lab?.lost.aborted === false ? this.#lab.hands : undefined;
  }

  /** Aborts with the lab that stands. */
  get over(): AbortSignal {
    return this.#stop.signal;
  }

  /** Terminals that are open. */
  get terminals(): number {
    return this.#terminals;
  }

  /** Counts pages and terminals that came or went. */
  connect({ pages = 0, terminals = 0 }: { readonly pages?: number; readonly terminals?: number }): void {
    this.#pages += pages;
    this.#terminals += terminals;
    this.#options.changed();
  }

  get memory(): number | undefined {
    return this.#watch.memory;
  }

  /** Gives the seat a new lab, ending whatever it does; the progress stays. @returns once it stands or has failed */
  async renew(): Promise<void> {
    this.#stop.abort(new Error('the lab is replaced'));
    this.#work = this.#queued ??= this.#renew(this.#work);
    await this.#work;
  }

  async #renew(before: Promise<void>): Promise<void> {
    await before;
    await this.#close();
    const { queue } = this.#options;
    const build = async (): Promise<void> => {
      for (let attempt = 1; ; attempt++)
        try {
          await this.#open();
          return;
        } catch (error) {
          await this.#close();
          if (this.#signal.aborted || this.#stop.signal.aborted) return;
          if (attempt < ATTEMPTS) continue;
          this.#become('failed', oneLine(error));
          return;
        }
    };
    await queue.take(build, (place) => {
      this.#become('waiting', `waits, ${sayPlace(place)}`);
    });
  }

  async #open(): Promise<void> {
    this.#stop = new AbortController();
    this.#queued = undefined;
    const signal = this.#until;
    signal.throwIfAborted();
    this.#become('waiting', 'is built and broken');
    this.#lines = [];
    const { lesson, open } = this.#options;
    const say = (line: string): void => {
      this.#become('waiting', line);
    };
    const room = {
      open: async () => {
        const lab = await open(this, say, signal);
        this.#lab = lab;
        this.#watch.watch(lab);
        return lab;
      },
      print: this.#print,
      explain: (each: Lesson) => {
        const text = renderMarkdown(explanationOf(each), COLUMNS, (_format, plain) => plain);
        this.#print(text.trimEnd().split('\n'));
      },
      ways: WAYS,
      shell: () => Promise.resolve(),
      // Its page has no such command.
      remedyAt: () => {
        throw new Error('a seat can’t try a file');
      },
      keep: () => Promise.resolve(),
    };
    this.#session = await LessonSession.open({ lesson, room, attempt: this.#record.attempt }, signal);
    const { lost } = this.#session;
    lost.addEventListener('abort', () => {
      if (this.#stop.signal.aborted) return;
      this.#stop.abort(lost.reason);
      this.#become('failed', `${oneLine(lost.reason)}; a reset opens a new one`);
    });
    this.#become('ready', '');
    await this.#watch.measure(signal);
  }

  /** Carries out a learner’s command. While another one is, it is refused with a line. */
  async take(command: SeatCommand): Promise<void> {
    if (this.#options.startedAt() === undefined) return;
    if (command === 'reset' && this.#stage !== 'waiting') {
      await this.renew();
      return;
    }
    if (this.#session === undefined || this.#stage !== 'ready') {
      this.#print([`${command}: not now, the seat ${this.#doing === '' ? this.#stage : this.#doing}`]);
      return;
    }
    this.#work = this.#carryOut(command, this.#session);
    await this.#work;
  }

  async #carryOut(command: SeatCommand, session: LessonSession): Promise<void> {
    const { queue, keep } = this.#options;
    this.#print(['', `> ${command}`]);
    const take = async (): Promise<void> => {
      this.#become('busy', command === 'check' ? 'is checked' : command);
      await session.take(command);
    };
    try {
      if (command === 'check') {
        await queue.take(take, (place) => {
          if (this.#stage !== 'busy')
            this.#print([`Others are checked now. Yours has ${sayPlace(place)}, and begins by itself.`]);
          this.#become('busy', `waits, ${sayPlace(place)}`);
        });
      } else await take();
    } catch (error) {
      // Whoever ended the lab says so.
      if (!this.#stop.signal.aborted && !this.#signal.aborted) this.#print([oneLine(error)]);
    }
    this.#note(session);
    if (!this.#stop.signal.aborted) this.#become('ready', '');
    await keep();
    if (command === 'check') await this.#watch.measure(this.#until);
  }

  /** Takes over what the session counts. */
  #note({ attempt }: LessonSession): void {
    const startedAt = this.#options.startedAt();
    const first = attempt.solved && !this.#record.attempt.solved && startedAt !== undefined;
    this.#record = {
      ...this.#record,
      attempt,
      ...(first && { solvedAfterMs: Math.max(0, Date.now() - startedAt) }),
    };
  }

  readonly #print = (lines: readonly string[]): void => {
    this.#lines = [...this.#lines, ...lines].slice(-LINES);
    this.#options.changed();
  };

  #become(stage: Stage, doing: string): void {
    this.#stage = stage;
    this.#doing = doing;
    this.#options.changed();
  }

  /** Follows the table through a phase. */
  readonly follow = (event: HistoryEvent): void => {
    this.#watch.follow(event);
  };

  /** Reads the table, where no phase does. */
  async look(): Promise<void> {
    if (this.#stage === 'ready') await this.#watch.look(this.#until);
  }

  get #until(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#stop.signal]);
  }

  get view(): SeatView {
    const { lesson, number } = this.#options;
    const { attempt, token, solvedAfterMs } = this.#record;
    return {
      ...{ number, path: `/s/${token}`, stage: this.#stage, doing: this.#doing },
      ...{ gauge: this.#watch.gauge, memory: this.#watch.memory },
      ...{ hints: [attempt.hints, lesson.hints.length], checks: attempt.checks, points: points(attempt) },
      outcome: attempt.solved ? 'solved' : attempt.gaveUp ? 'gave up' : 'open',
      ...{ solvedAfterMs, pages: this.#pages, terminals: this.#terminals },
    };
  }

  get learnerView(): LearnerView {
    const { lesson, number, startedAt } = this.#options;
    const { stage, doing, points: own, outcome } = this.view;
    const started = startedAt();
    const shown = started !== undefined;
    const names = (shown ? (this.hands?.places ?? []) : []).map(({ name }) => name);
    return {
      ...{ number, title: shown ? lesson.title : '', startedAt: started, now: Date.now() },
      ...{ stage, doing, points: own, outcome },
      places: names.toSorted((a, b) => Number(b === lesson.place) - Number(a === lesson.place)),
      lines: shown ? this.#lines : [],
    };
  }

  async #close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#lab = undefined;
    this.#watch.watch(undefined);
    await session?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the class is over'));
    await this.#work;
    await this.#close();
  }
}
