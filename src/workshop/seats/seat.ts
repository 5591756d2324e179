import type { Hands } from '../../lab/hands.ts';
import type { HistoryEvent } from '../../schema/history.ts';
import type { Lesson } from '../lesson.ts';
import type { OpenLesson } from '../open-lesson.ts';
import { LessonSession } from '../session.ts';
import { NoWall } from './jail.ts';
import { LabWatch } from './lab-watch.ts';
import { sayPlace, type Queue } from './queue.ts';
import type { SeatRecord } from './record.ts';
import { seatClassroom } from './seat-classroom.ts';
import { SeatPage } from './seat-page.ts';
import type { LearnerView, SeatCommand, SeatView } from './view.ts';
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

/** A lab that does not break on a busy machine is built again. */
const ATTEMPTS = 3;

/** A learner’s lab in a class, with the commands of the workshop. One command at a time. */
export class Seat implements AsyncDisposable {
  readonly #options: SeatOptions;
  readonly #signal: AbortSignal;
  #record: SeatRecord;
  #session: LessonSession | undefined;
  #lab: OpenLesson | undefined;
  readonly #watch: LabWatch;
  readonly #page: SeatPage;
  /** Ends what the lab does now. */
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();
  /** The new lab that is not begun yet: another one would not differ from it. */
  #queued: Promise<void> | undefined;

  constructor(options: SeatOptions, signal: AbortSignal) {
    this.#options = options;
    this.#record = options.record;
    this.#signal = signal;
    this.#watch = new LabWatch(options.changed);
    this.#page = new SeatPage(options.changed);
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
    return this.#page.terminals;
  }

  /** Counts pages and terminals that came or went. */
  connect(change: Parameters<SeatPage['connect']>[0]): void {
    this.#page.connect(change);
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
          if (attempt < ATTEMPTS && !(error instanceof NoWall)) continue;
          this.#page.become('failed', oneLine(error));
          return;
        }
    };
    await queue.take(build, (place) => {
      this.#page.become('waiting', `waits, ${sayPlace(place)}`);
    });
  }

  async #open(): Promise<void> {
    this.#stop = new AbortController();
    this.#queued = undefined;
    const signal = this.#until;
    signal.throwIfAborted();
    this.#page.become('waiting', 'is built and broken');
    this.#page.clear();
    const { lesson, open } = this.#options;
    const say = (line: string): void => {
      this.#page.become('waiting', line);
    };
    const room = seatClassroom(async () => {
      const lab = await open(this, say, signal);
      this.#lab = lab;
      this.#watch.watch(lab);
      return lab;
    }, this.#page.print);
    this.#session = await LessonSession.open({ lesson, room, attempt: this.#record.attempt }, signal);
    const { lost } = this.#session;
    lost.addEventListener('abort', () => {
      if (this.#stop.signal.aborted) return;
      this.#stop.abort(lost.reason);
      this.#page.become('failed', `${oneLine(lost.reason)}; a reset opens a new one`);
    });
    this.#page.become('ready', '');
    await this.#watch.measure(signal);
  }

  /** Carries out a learner’s command. While another one is, it is refused with a line. */
  async take(command: SeatCommand): Promise<void> {
    if (this.#options.startedAt() === undefined) return;
    if (command === 'reset' && this.#page.stage !== 'waiting') {
      await this.renew();
      return;
    }
    if (this.#session === undefined || this.#page.stage !== 'ready') {
      this.#page.print([`${command}: not now, the seat ${this.#page.doing}`]);
      return;
    }
    this.#work = this.#carryOut(command, this.#session);
    await this.#work;
  }

  async #carryOut(command: SeatCommand, session: LessonSession): Promise<void> {
    const { queue, keep } = this.#options;
    this.#page.print(['', `> ${command}`]);
    const take = async (): Promise<void> => {
      this.#page.become('busy', command === 'check' ? 'is checked' : command);
      await session.take(command);
    };
    try {
      if (command === 'check') {
        await queue.take(take, (place) => {
          if (this.#page.stage !== 'busy')
            this.#page.print([`Others are checked now. Yours has ${sayPlace(place)}, and begins by itself.`]);
          this.#page.become('busy', `waits, ${sayPlace(place)}`);
        });
      } else await take();
    } catch (error) {
      // Whoever ended the lab says so.
      if (!this.#stop.signal.aborted && !this.#signal.aborted) this.#page.print([oneLine(error)]);
    }
    this.#note(session);
    if (!this.#stop.signal.aborted) this.#page.become('ready', '');
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

  /** Follows the table through a phase. */
  readonly follow = (event: HistoryEvent): void => {
    this.#watch.follow(event);
  };

  /** Reads the table, where no phase does. */
  async look(): Promise<void> {
    if (this.#page.stage === 'ready') await this.#watch.look(this.#until);
  }

  get #until(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#stop.signal]);
  }

  get view(): SeatView {
    return this.#page.trainersView(this.#seated);
  }

  get learnerView(): LearnerView {
    const names = (this.hands?.places ?? []).map(({ name }) => name);
    return this.#page.learnersView(this.#seated, this.#options.startedAt(), names);
  }

  get #seated() {
    const { number, lesson } = this.#options;
    return { number, lesson, record: this.#record, watch: this.#watch };
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
