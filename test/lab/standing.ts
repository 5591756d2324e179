import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { MAIN, untilTimeout } from './command.ts';
import { note } from './reruns.ts';

const SECONDS = 1000;

/** A tablefull command with a state folder of its own, so that it finds the test's labs only. */
export function tablefull(state: string, args: readonly string[]) {
  const env = { XDG_STATE_HOME: state, NO_COLOR: '1' };
  return execa(process.execPath, [MAIN, ...args], { cwd: state, env, reject: false, ...untilTimeout() });
}

/** Waits until a text says what it should. @throws Error with the text */
export async function until(
  what: RegExp,
  text: () => string | Promise<string>,
  ms = 90 * SECONDS,
): Promise<void> {
  const end = performance.now() + ms;
  while (!what.test(await text())) {
    if (performance.now() > end) throw new Error(`${String(what)} did not come:\n${await text()}`);
    await delay(100);
  }
}

/** A command that a person types at: what it said since the last line. */
export class Talk {
  readonly #process: ReturnType<typeof tablefull>;
  #said = '';
  #heard = 0;

  constructor(process: ReturnType<typeof tablefull>) {
    this.#process = process;
    for (const stream of [process.stdout, process.stderr])
      stream.on('data', (text: Buffer) => (this.#said += text.toString()));
  }

  /** Types a line and waits for an answer. @returns all that was said meanwhile */
  async type(line: string, answer: RegExp): Promise<string> {
    this.#heard = this.#said.length;
    this.#process.stdin.write(`${line}\n`);
    return this.hear(answer);
  }

  /** @param ms how long to wait at most */
  async hear(answer: RegExp, ms?: number): Promise<string> {
    const over = this.#process.then(({ exitCode }) => {
      throw new Error(`it ended with ${String(exitCode)}:\n${this.#said}`);
    });
    await Promise.race([until(answer, () => this.#said.slice(this.#heard), ms), over]);
    return this.#said.slice(this.#heard);
  }
}

/** What a lab prints where the machine was too busy: of an offer or a fix of which it can't tell, or as it opens. */
const TOO_BUSY = /nothing\s+follows\s+from\s+it|inconclusive|nothing is wrong with the remedies/;

/**
 * Plays, and once more where the machine was too busy to tell: that says nothing about the tested code.
 *
 * @param play throws an Error that says what was seen
 */
export async function conclusivePlay(play: () => Promise<void>): Promise<void> {
  note('run');
  try {
    await play();
  } catch (error) {
    if (!(error instanceof Error && TOO_BUSY.test(error.message))) throw error;
    console.warn(error.message);
    note('rerun');
    await play();
  }
}

/** @throws Error with the text where the machine was too busy for an offer */
export function refuseTooBusy(text: string): void {
  if (TOO_BUSY.test(text)) throw new Error(text);
}
