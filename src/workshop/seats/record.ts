import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../util/make-folder.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { stateFolder } from '../../util/state-folder.ts';
import { attemptSchema, NEW } from '../progress.ts';

const tokenSchema = z
  .string()
  .regex(/^[\w-]{22,}$/)
  .describe('Whoever knows it gets in: it is the last part of a link.');

const seatRecordSchema = z.strictObject({
  token: tokenSchema,
  attempt: attemptSchema.describe('What the learner took, and whether the lesson is solved.'),
  solvedAfterMs: z.number().nonnegative().optional().describe('From the start to the check that solved it.'),
});

const seatsRecordSchema = z.strictObject({
  schema: z.literal('tablefull/seats/v1'),
  lesson: z.string().describe('The lesson’s name.'),
  trainer: tokenSchema,
  startedAt: z.number().optional().describe('When the trainer started, ms since 1970; absent before.'),
  seats: z.array(seatRecordSchema).describe('In the order of their numbers.'),
});
/** What is kept of a class, so that it goes on after the trainer’s command was ended and started again. */
export type SeatsRecord = z.infer<typeof seatsRecordSchema>;
export type SeatRecord = z.infer<typeof seatRecordSchema>;

/** Only the user may read the tokens. */
const PRIVATE = 0o600;

/** 128 bits. */
function newToken(): string {
  return randomBytes(16).toString('base64url');
}

/** A class of `count` seats that goes on, or begins. Seats beyond `count` are kept for a later start. */
export function classOf(lesson: string, count: number, before: SeatsRecord | undefined): SeatsRecord {
  const kept = before?.lesson === lesson ? before : undefined;
  const missing = Math.max(0, count - (kept?.seats.length ?? 0));
  return {
    schema: 'tablefull/seats/v1',
    trainer: newToken(),
    ...kept,
    lesson,
    seats: [
      ...(kept?.seats ?? []),
      ...Array.from({ length: missing }, () => ({ token: newToken(), attempt: NEW })),
    ],
  };
}

/** The file of a lesson’s class. */
export class SeatsFile {
  readonly #env: Readonly<NodeJS.ProcessEnv>;
  readonly path: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(lesson: string, env: Readonly<NodeJS.ProcessEnv>) {
    this.#env = env;
    this.path = join(stateFolder(env), `seats-${lesson}.json`);
  }

  /** @returns undefined where there is none. @throws Error naming the file where it is damaged */
  read(): SeatsRecord | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return seatsRecordSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new Error(`${this.path} is damaged; --anew begins without it`, { cause: error });
    }
  }

  /** Writes in the order of the calls. @throws Error naming the file */
  async write(record: SeatsRecord): Promise<void> {
    const text = `${JSON.stringify(record)}\n`;
    const write = async (): Promise<void> => {
      makeFolder(dirname(this.path), this.#env);
      await replaceFile(this.path, text, this.#env, PRIVATE);
    };
    this.#writing = this.#writing.then(write, write);
    await this.#writing;
  }
}
