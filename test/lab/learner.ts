import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fix, Lesson } from '../../src/workshop/lesson.ts';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { hasKubeProxy, needsKubeProxy } from './built-kube-proxy.ts';
import { tablefull, Talk } from './standing.ts';

const CHECKED = /^(SOLVED|NOT SOLVED|NOT JUDGED).*$/m;

/** A lesson, what its tests' titles say of it, and whether it can be played here. */
export const PLAYED = LESSONS.map((lesson: Lesson) => {
  const missing = lesson.scenario === 'kube-proxy-revert' ? needsKubeProxy : '';
  return [`${lesson.name}${missing}`, lesson, hasKubeProxy || missing === ''] as const;
});

/** A scripted learner at a lesson, who types into shells and at the prompt. */
export class Learner {
  readonly #folder: string;
  readonly #workshop: ReturnType<typeof tablefull>;
  readonly talk: Talk;

  /** @param folder the learner's own: of their labs, files and points */
  constructor(folder: string, lesson: string) {
    this.#folder = folder;
    this.#workshop = tablefull(folder, ['workshop', lesson, '--seed', '7']);
    this.talk = new Talk(this.#workshop);
  }

  /** What the learner is told first. */
  report(): Promise<string> {
    return this.talk.hear(/q quit/);
  }

  /** Makes a fix as a learner does, and has it checked. @returns what was said */
  async fix({ lines, file }: Fix): Promise<string> {
    for (const { place, line } of lines) {
      const shell = tablefull(this.#folder, ['shell', place]);
      shell.stdin.end(`${line}\n`);
      const { exitCode, stdout, stderr } = await shell;
      if (exitCode !== 0) throw new Error(`${place}# ${line}: exit ${String(exitCode)}: ${stdout}${stderr}`);
    }
    if (file !== undefined) writeFileSync(join(this.#folder, file.name), file.text);
    const checked = await this.talk.type(file === undefined ? 'check' : `try ${file.name}`, CHECKED);
    // Once more where the machine was too busy to tell.
    return checked.includes('NOT JUDGED') ? this.talk.type('check', CHECKED) : checked;
  }

  /** @returns the exit code */
  async quit(): Promise<number | undefined> {
    this.#workshop.stdin.end('q\n');
    return (await this.#workshop).exitCode;
  }
}
