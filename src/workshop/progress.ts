import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../util/make-folder.ts';
import { jsonIfThere } from '../util/read-if-there.ts';
import { replaceFile } from '../util/replace-file.ts';
import { stateFolder } from '../util/state-folder.ts';

export const attemptSchema = z.strictObject({
  hints: z.number().int().nonnegative().describe('Hints that were taken.'),
  checks: z.number().int().nonnegative().describe('Checks that did not solve it.'),
  gaveUp: z.boolean().describe('The solution was shown.'),
  solved: z.boolean().describe('A check solved it.'),
});
export type Attempt = z.infer<typeof attemptSchema>;

const progressSchema = z.strictObject({
  schema: z.literal('tablefull/workshop/v1'),
  lessons: z.record(z.string(), attemptSchema).describe('The best attempt at each lesson, by its name.'),
});

export const NEW: Attempt = { hints: 0, checks: 0, gaveUp: false, solved: false };

/** The points of a lesson that is solved at once. */
export const MOST = 10;
const COST = { hint: 2, check: 1 };

/** 0 to MOST. A solved lesson is worth a point, whatever it took; one whose solution was shown is worth none. */
export function points({ hints, checks, gaveUp, solved }: Attempt): number {
  if (!solved || gaveUp) return 0;
  return Math.max(1, MOST - COST.hint * hints - COST.check * checks);
}

/** The learner's attempts, in a file of the user's. */
export class Progress {
  readonly #path: string;
  readonly #env: Readonly<NodeJS.ProcessEnv>;

  constructor(env: Readonly<NodeJS.ProcessEnv>) {
    this.#env = env;
    this.#path = join(stateFolder(env), 'workshop.json');
  }

  /** The best attempts, by lesson; none where the file is missing or damaged. */
  get lessons(): Readonly<Record<string, Attempt>> {
    return jsonIfThere(this.#path, progressSchema)?.lessons ?? {};
  }

  /** Keeps the attempt if it is the best. @throws Error naming the file */
  async keep(lesson: string, attempt: Attempt): Promise<void> {
    const { lessons } = this;
    const known = lessons[lesson];
    if (known !== undefined && points(known) >= points(attempt)) return;
    makeFolder(dirname(this.#path), this.#env);
    const next = { schema: 'tablefull/workshop/v1', lessons: { ...lessons, [lesson]: attempt } };
    await replaceFile(this.#path, `${JSON.stringify(next)}\n`, this.#env);
  }
}
