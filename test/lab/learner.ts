import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { KUBECTL, type Fix, type Lesson, type Typed } from '../../src/workshop/lesson.ts';
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

  /**
   * @param folder the learner's own: of their labs, files and points
   * @param options further ones of the command
   */
  constructor(folder: string, lesson: string, options: readonly string[] = []) {
    this.#folder = folder;
    this.#workshop = tablefull(folder, ['workshop', lesson, '--seed', '7', ...options]);
    this.talk = new Talk(this.#workshop);
  }

  /** What the learner is told first. */
  report(ms?: number): Promise<string> {
    return this.talk.hear(/q quit/, ms);
  }

  /** Makes a fix as a learner does, and has it checked. @returns what was said */
  async fix({ lines, file }: Fix): Promise<string> {
    if (file !== undefined) writeFileSync(join(this.#folder, file.name), file.text);
    for (const typed of lines) await this.#shell(typed);
    const given = file !== undefined && lines.length === 0 ? `try ${file.name}` : 'check';
    const checked = await this.talk.type(given, CHECKED);
    // Once more where the machine was too busy to tell.
    return checked.includes('NOT JUDGED') ? this.talk.type('check', CHECKED) : checked;
  }

  /** Types a line in a shell of a place, or where kubectl is. */
  async #shell({ place, line }: Typed): Promise<void> {
    const shell =
      place === KUBECTL
        ? execa('sh', ['-e', '-c', line], {
            ...{ cwd: this.#folder, reject: false, env: { KUBECONFIG: await this.#kubeconfig() } },
          })
        : tablefull(this.#folder, ['shell', place]);
    shell.stdin.end(place === KUBECTL ? '' : `${line}\n`);
    const { exitCode, stdout, stderr } = await shell;
    if (exitCode !== 0) throw new Error(`${place}# ${line}: exit ${String(exitCode)}: ${stdout}${stderr}`);
  }

  async #kubeconfig(): Promise<string> {
    const [, file = ''] = /KUBECONFIG=(\S+)/.exec(await this.talk.type('s', /KUBECONFIG=\S+/)) ?? [];
    return file;
  }

  /** @returns the exit code */
  async quit(): Promise<number | undefined> {
    this.#workshop.stdin.end('q\n');
    return (await this.#workshop).exitCode;
  }
}

/** Makes the first wrong fix of a lesson and the first right one, each judged as what it is, and quits. */
export async function playBoth(
  learner: Learner,
  { wrong: [wrong], right: [right] }: Pick<Lesson, 'wrong' | 'right'>,
): Promise<void> {
  const failed = await learner.fix(wrong);
  expect(failed).toMatch(new RegExp(`^${wrong.outcome} `, 'm'));
  expect(failed).toContain('NOT SOLVED');
  const solved = await learner.fix(right);
  expect(solved).toMatch(new RegExp(`^${right.outcome} `, 'm'));
  expect(solved).toContain('SOLVED  9 of 10 points');
  expect(await learner.quit()).toBe(0);
}
