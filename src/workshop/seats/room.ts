import type { Lesson } from '../lesson.ts';
import { ownMemory } from './memory.ts';
import type { SeatsFile, SeatsRecord } from './record.ts';
import { Queue } from './queue.ts';
import { Seat, type SeatOptions } from './seat.ts';
import type { RoomView, TrainerMessage } from './view.ts';
import { oneLine } from '../../util/error-text.ts';

interface RoomOptions {
  readonly lesson: Lesson;
  readonly count: number;
  /** As it was kept, with at least `count` seats. */
  readonly record: SeatsRecord;
  readonly file: Pick<SeatsFile, 'write'>;
  readonly open: SeatOptions['open'];
  /** Labs that are built or checked side by side. */
  readonly atOnce: number;
  readonly say: (line: string) => void;
  /** Waits `ms`. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** ms between two looks at the tables while somebody watches. */
const LOOK_MS = 2000;

/** A class: seats with a lab each, and a clock. */
export class Room implements AsyncDisposable {
  readonly #options: RoomOptions;
  readonly #signal: AbortSignal;
  readonly seats: readonly Seat[];
  #startedAt: number | undefined;
  #version = 0;
  /** Pages of trainers that are connected. */
  watching = 0;

  constructor(options: RoomOptions, signal: AbortSignal) {
    const { lesson, count, record, open, atOnce } = options;
    this.#options = options;
    this.#signal = signal;
    this.#startedAt = record.startedAt;
    const shared = {
      ...{ lesson, open, queue: new Queue(atOnce), keep: this.#keep },
      startedAt: () => this.#startedAt,
      changed: () => {
        this.#version += 1;
      },
    };
    this.seats = record.seats
      .slice(0, count)
      .map((each, i) => new Seat({ ...shared, number: i + 1, record: each }, signal));
  }

  /** Grows with every change of a seat, so that only what changed is sent. */
  get version(): number {
    return this.#version;
  }

  get trainer(): string {
    return this.#options.record.trainer;
  }

  /** Opens all labs, a few at a time. @returns once each stands or has failed */
  async openAll(): Promise<void> {
    const { say } = this.#options;
    let ready = 0;
    await this.#keep();
    await Promise.all(
      this.seats.map(async (seat) => {
        await seat.renew();
        if (this.#signal.aborted) return;
        const { stage, doing } = seat.view;
        if (stage === 'failed') say(`seat ${String(seat.number)}: ${doing}`);
        else {
          ready += 1;
          say(`${String(ready)} of ${String(this.seats.length)} labs are broken`);
        }
      }),
    );
    if (!this.#signal.aborted) say(this.#sayMemory());
  }

  /** Carries out what the trainer asks for. */
  async take(message: TrainerMessage): Promise<void> {
    if (message.do === 'start') {
      this.#startedAt ??= Date.now();
      this.#version += 1;
      await this.#keep();
    } else await this.seats[message.seat - 1]?.renew();
  }

  get view(): RoomView {
    const { title, minutes } = this.#options.lesson;
    const seats = this.seats.map(({ view }) => view);
    return { title, minutes, startedAt: this.#startedAt, now: Date.now(), seats };
  }

  /** Reads the tables as long as somebody watches. Ends with the signal. */
  async look(): Promise<void> {
    while (!this.#signal.aborted) {
      if (this.watching > 0) for (const seat of this.seats) await seat.look();
      await this.#options.pause(LOOK_MS, this.#signal).catch(() => undefined);
    }
  }

  #sayMemory(): string {
    const each = this.seats.flatMap(({ memory }) => memory ?? []);
    const sum = each.reduce((all, one) => all + one, 0);
    const own = ownMemory(process.pid);
    return `memory (PSS): ${mebibytes(sum / Math.max(1, each.length))} a lab, ${mebibytes(own)} this command, ${mebibytes(sum + own)} in all`;
  }

  readonly #keep = async (): Promise<void> => {
    const { record, file, say } = this.#options;
    const seats = record.seats.map((each, i) => this.seats[i]?.record ?? each);
    const startedAt = this.#startedAt === undefined ? {} : { startedAt: this.#startedAt };
    try {
      await file.write({ ...record, ...startedAt, seats });
    } catch (error) {
      say(`the progress is not kept: ${oneLine(error)}`);
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat[Symbol.asyncDispose]()));
  }
}

function mebibytes(bytes: number): string {
  return `${String(Math.round(bytes / 2 ** 20))} MiB`;
}
