import { CLAIMS } from '../claims/index.ts';
import { judgeClaim, type JudgedClaim, type Witness } from '../claims/judge.ts';
import { claimAccount } from '../report/claims-markdown.ts';
import { seeded } from '../load/schedule.ts';
import { MOST, NEW, type Attempt } from './progress.ts';

/** The lesson’s name and its line in the list. */
export const MYTHS = {
  name: 'myths',
  title: `${String(MOST)} statements of well-known articles: true, partly true, or false?`,
  minutes: 15,
} as const;

const ANSWERS = { t: 'true', p: 'partly', f: 'false' } as const;
type Answer = (typeof ANSWERS)[keyof typeof ANSWERS];
/** How many of each a quiz has: myths for the most part, and others so that “false” is no safe answer. */
const MIX: Readonly<Record<Answer, number>> = { false: 5, partly: 2, true: 3 };

const ASKED = 'true, partly or false? (t, p, f; q quits)';

/** What a quiz shows. */
interface Blackboard {
  readonly print: (lines: readonly string[]) => void;
  readonly markdown: (text: string) => void;
  readonly keep: (attempt: Attempt) => Promise<void>;
}

/** A quiz on claims of the sources, answered by what matrices recorded. One answer at a time. */
export class Myths {
  readonly #questions: readonly JudgedClaim[];
  readonly #board: Blackboard;
  #number = 0;
  #right = 0;

  /** @param matrices recorded ones, one of each lab @param seed draws the statements and their order */
  constructor(matrices: readonly Witness[], seed: number, board: Blackboard) {
    this.#questions = drawn(matrices, seeded(seed));
    this.#board = board;
    this.#ask();
  }

  /** Takes an answer. @returns whether the quiz goes on */
  async take(line: string): Promise<boolean> {
    const word = line.trim().toLowerCase();
    const question = this.#questions[this.#number];
    if (question === undefined || word === 'q' || word === 'quit') return false;
    const answer = Object.values(ANSWERS).find((each) => word !== '' && each.startsWith(word));
    if (answer === undefined) {
      this.#board.print([ASKED]);
      return true;
    }
    const right = answer === question.verdict;
    if (right) this.#right += 1;
    this.#number += 1;
    this.#board.print([right ? `RIGHT: ${question.verdict}` : `WRONG: ${question.verdict}`, '']);
    this.#board.markdown(claimAccount(question).join('\n'));
    return this.#number < this.#questions.length ? this.#ask() : this.#finish();
  }

  #ask(): true {
    const { title = '', says = '' } = this.#questions[this.#number]?.claim ?? {};
    const number = `${String(this.#number + 1)} of ${String(this.#questions.length)}`;
    this.#board.print(['', `${number}: ${title}`]);
    this.#board.markdown(says);
    this.#board.print([ASKED]);
    return true;
  }

  async #finish(): Promise<false> {
    const wrong = this.#questions.length - this.#right;
    this.#board.print([
      '',
      `SCORE  ${String(this.#right)} of ${String(this.#questions.length)}; all claims: docs/reference/claims.md`,
    ]);
    await this.#board.keep({ ...NEW, solved: true, checks: wrong });
    return false;
  }
}

/** The statements of a quiz, in random order. */
function drawn(matrices: readonly Witness[], random: () => number): readonly JudgedClaim[] {
  const judged = CLAIMS.flatMap(({ claims }) => claims).map((claim) => judgeClaim(claim, matrices));
  const some = Object.values(ANSWERS).flatMap((verdict) =>
    shuffled(
      judged.filter(
        (each) => each.verdict === verdict && each.parts.every(({ holds }) => holds !== undefined),
      ),
      random,
    ).slice(0, MIX[verdict]),
  );
  return shuffled(some, random);
}

function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  return all
    .map((each) => ({ each, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each);
}
