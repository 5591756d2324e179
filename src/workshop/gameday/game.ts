import { execa } from 'execa';
import { commandIn } from '../../lab/shell.ts';
import { suggestion } from '../../util/nearest.ts';
import { check } from '../check.ts';
import type { Lesson } from '../lesson.ts';
import type { OpenLesson } from '../open-lesson.ts';
import type { Event, Request, Score } from './protocol.ts';

const RUN_MS = 20_000;
const OUTPUT = 65_536;
/** timeout(1) */
const TIMED_OUT = 124;

/** A failure that was injected without being named, and a player on the clock. */
export class Game {
  readonly #lesson: Lesson;
  readonly #lab: OpenLesson;
  readonly #causes: readonly string[];
  readonly #signal: AbortSignal;
  /** Seconds of a monotonic clock since the report. */
  readonly #clock: () => number;
  #score: Omit<Score, 'seconds'>;

  constructor(
    { lesson, lab, causes }: { lesson: Lesson; lab: OpenLesson; causes: readonly string[] },
    signal: AbortSignal,
  ) {
    this.#lesson = lesson;
    this.#lab = lab;
    this.#causes = causes;
    this.#signal = signal;
    const began = performance.now();
    this.#clock = () => Math.round((performance.now() - began) / 100) / 10;
    this.#score = { event: 'score', cause: lesson.cause, wrongGuesses: 0, cured: false, commands: 0 };
  }

  /** What a player gets at first. */
  report(): Event {
    const { hands, failures } = this.#lab;
    return {
      event: 'report',
      text: `Users report: ${failures}.`,
      places: [...hands.places],
      services: [...hands.services],
      causes: [...this.#causes],
    };
  }

  get score(): Score {
    return { ...this.#score, seconds: this.#clock() };
  }

  /** @throws Error in one line where the request can't be carried out */
  async take(request: Request): Promise<Event> {
    switch (request.do) {
      case 'run':
        return this.#run(request);
      case 'cause':
        return this.#cause(request.name);
      case 'check':
        return this.#check();
      case 'end':
        return this.score;
    }
  }

  async #run({ place: name, command }: Extract<Request, { do: 'run' }>): Promise<Event> {
    const { hands } = this.#lab;
    const place = hands.places.find((each) => each.name === name);
    if (place === undefined) {
      const names = hands.places.map((each) => each.name);
      throw new Error(`unknown place ${name}; ${suggestion(name, names)}`);
    }
    const [program, ...args] = command;
    const [first, ...rest] = commandIn(hands, place, [program ?? '', ...args]);
    this.#score = { ...this.#score, commands: this.#score.commands + 1 };
    const { exitCode, stdout, stderr, timedOut } = await execa(first, rest, {
      ...{ stdin: 'ignore', reject: false, timeout: RUN_MS, cancelSignal: this.#signal },
      // Longer output is cut, not an error.
      ...{ maxBuffer: OUTPUT },
    });
    return { event: 'ran', exitCode: timedOut ? TIMED_OUT : (exitCode ?? 1), stdout, stderr };
  }

  #cause(name: string): Event {
    if (!this.#causes.includes(name))
      throw new Error(`unknown cause ${name}; ${suggestion(name, this.#causes)}`);
    const right = name === this.#lesson.cause;
    this.#score = right
      ? { detected: this.#clock(), ...this.#score }
      : { ...this.#score, wrongGuesses: this.#score.wrongGuesses + 1 };
    return { event: 'cause', right };
  }

  async #check(): Promise<Event> {
    const { isMetNow, ...checked } = await check(
      this.#lab.begun,
      this.#lesson.mayDisturb ?? [],
      this.#signal,
    );
    const { outcome, broke } = checked;
    const cured = this.#score.cured || (outcome === 'cured' && broke.length === 0);
    // The first time counts.
    this.#score = { ...(isMetNow && { mitigated: this.#clock() }), ...this.#score, outcome, cured };
    return { event: 'checked', ...checked, found: [...(checked.found ?? [])], broke: [...broke] };
  }
}
