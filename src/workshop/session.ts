import type { Remedy } from '../remedy/remedy.ts';
import { check, type Begun } from './check.ts';
import type { Lesson } from './lesson.ts';
import type { BrokenLab } from './open-lesson.ts';
import { NEW, type Attempt } from './progress.ts';
import { checkLines, fixLines, HELP, hintLines, reportLines, triedLines } from './text.ts';
import { oneLine } from '../util/error-text.ts';

/** What a lesson needs of the outside. */
export interface Classroom {
  /** Opens the lab, broken. */
  readonly open: () => Promise<BrokenLab>;
  readonly print: (lines: readonly string[]) => void;
  /** Prints the explanation: Markdown, and the pages to read. */
  readonly explain: (lesson: Lesson) => void;
  /** How one goes on from the report: what opens a shell, and which commands there are. */
  readonly ways: readonly string[];
  /** Opens a shell, until it is closed. @param place default: the lesson’s */
  readonly shell: (place: string | undefined) => Promise<void>;
  /** The fix of a file. @throws Error in one line with file, place and fix */
  readonly remedyAt: (path: string, begun: Begun) => Remedy;
  readonly keep: (attempt: Attempt) => Promise<void>;
}

/** A lesson to begin, or to go on with. */
interface Begin {
  readonly lesson: Lesson;
  readonly room: Classroom;
  /** What was done before. */
  readonly attempt?: Attempt | undefined;
}

/** A learner at a lesson. One command at a time. */
export class LessonSession implements AsyncDisposable {
  readonly #lesson: Lesson;
  readonly #room: Classroom;
  readonly #signal: AbortSignal;
  #lab: BrokenLab;
  #attempt: Attempt;
  /** The fix that was given as a file and stands. */
  #file: string | undefined;

  private constructor({ lesson, room, attempt = NEW }: Begin, lab: BrokenLab, signal: AbortSignal) {
    this.#lesson = lesson;
    this.#attempt = attempt;
    this.#room = room;
    this.#lab = lab;
    this.#signal = signal;
  }

  static async open(begin: Begin, signal: AbortSignal): Promise<LessonSession> {
    const session = new LessonSession(begin, await begin.room.open(), signal);
    session.#report();
    return session;
  }

  get attempt(): Attempt {
    return this.#attempt;
  }

  /** Aborts when the lab ends unexpectedly. */
  get lost(): AbortSignal {
    return this.#lab.lost;
  }

  /** Carries out a line. @returns whether the session goes on */
  async take(line: string): Promise<boolean> {
    const [word = '', argument] = line.trim().split(/\s+/);
    if (word === 'q' || word === 'quit') return false;
    try {
      await this.#carryOut(word, argument);
    } catch (error) {
      if (this.#signal.aborted || this.#lab.lost.aborted) throw error;
      this.#room.print([oneLine(error)]);
    }
    return true;
  }

  async #carryOut(word: string, argument?: string): Promise<void> {
    const { print } = this.#room;
    switch (word) {
      case '':
        return;
      case 'report':
        this.#report();
        return;
      case 's':
      case 'shell':
        return this.#room.shell(argument);
      case 'hint':
        print(this.#hint());
        return;
      case 'try':
        return this.#try(argument);
      case 'check':
        return this.#check();
      case 'explain':
        this.#explain();
        return;
      case 'solution':
        this.#solution();
        return;
      case 'reset':
        return this.#reset();
      case 'help':
        print([HELP]);
        return;
      default:
        print([`${JSON.stringify(word)} is not a command; use: ${HELP}`]);
    }
  }

  #report(): void {
    this.#room.print([...reportLines(this.#lesson, this.#lab.failures), '', ...this.#room.ways]);
  }

  #hint(): readonly string[] {
    const { hints } = this.#attempt;
    if (hints >= this.#lesson.hints.length)
      return ['there is no further hint; `solution` shows how it is done'];
    this.#attempt = { ...this.#attempt, hints: hints + 1 };
    return hintLines(this.#lesson, hints + 1);
  }

  /** Applies a file in place of the one before, and checks. */
  async #try(path: string | undefined): Promise<void> {
    if (path === undefined)
      throw new Error('try FILE: name a manifest or a remedy file, as in try ./fix.yaml');
    const { handsOn } = this.#lab.begun;
    const remedy = this.#room.remedyAt(path, this.#lab.begun);
    if (this.#file !== undefined) await handsOn.undo(this.#file);
    this.#file = undefined;
    await handsOn.apply(remedy);
    this.#file = remedy.name;
    this.#room.print(triedLines(remedy.manifest?.(handsOn.header.protocol)));
    return this.#check();
  }

  async #check(): Promise<void> {
    this.#room.print(['the demand is offered to the table as it is, and to one that is filled again']);
    const checked = await check(this.#lab.begun, this.#lesson.mayDisturb ?? [], this.#signal);
    const shipped = this.#lesson.byFile !== true || this.#file !== undefined;
    const solved = shipped && checked.outcome === 'cured' && checked.broke.length === 0;
    const failed = !solved && checked.outcome !== 'unclear' && !this.#attempt.solved;
    this.#attempt = {
      ...this.#attempt,
      solved: this.#attempt.solved || solved,
      checks: this.#attempt.checks + (failed ? 1 : 0),
    };
    this.#room.print(checkLines(checked, { solved, shipped }, this.#attempt));
    if (solved) await this.#room.keep(this.#attempt);
  }

  #explain(): void {
    const { solved, gaveUp } = this.#attempt;
    if (solved || gaveUp) this.#room.explain(this.#lesson);
    else this.#room.print(['it names the cause: first solve it, or give up with `solution`']);
  }

  #solution(): void {
    if (!this.#attempt.solved) this.#attempt = { ...this.#attempt, gaveUp: true };
    this.#room.print(this.#lesson.right.flatMap(fixLines));
  }

  /** A new lab: nothing that was typed is left. */
  async #reset(): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
    this.#lab = await this.#room.open();
    this.#file = undefined;
    this.#room.print(['the lab is as it was at first; shells of the old one have ended']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
  }
}
