import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/workshop/lesson.ts';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { scratch } from './command.ts';
import { tablefull, Talk } from './standing.ts';

const CHECKED = /^(SOLVED|NOT SOLVED|NOT JUDGED).*$/m;

/** Types a fix into shells, as a learner does. */
async function typeIn(state: string, { lines }: Fix): Promise<void> {
  for (const { place, line } of lines) {
    const shell = tablefull(state, ['shell', place]);
    shell.stdin.end(`${line}\n`);
    const { exitCode, stdout, stderr } = await shell;
    if (exitCode !== 0) throw new Error(`${place}# ${line}: exit ${String(exitCode)}: ${stdout}${stderr}`);
  }
}

/** A check, repeated once where the machine was too busy to tell. */
async function check(learner: Talk): Promise<string> {
  const first = await learner.type('check', CHECKED);
  return first.includes('NOT JUDGED') ? learner.type('check', CHECKED) : first;
}

describe.each(LESSONS.map((lesson) => [lesson.name, lesson] as const))('the lesson %s', (name, lesson) => {
  it(`${name}: a wrong fix is told from a right one`, async () => {
    using folder = scratch();
    const workshop = tablefull(folder.path, ['workshop', name, '--seed', '7']);
    const learner = new Talk(workshop);
    const report = await learner.hear(/q quit/);
    expect(report).toContain('Measured by its users: ');
    expect(report).not.toMatch(/drop \+|table full|conntrack/);
    // One after the other, as a learner tries them.
    for (const wrong of lesson.wrong) {
      await typeIn(folder.path, wrong);
      const failed = await check(learner);
      expect(failed).toMatch(new RegExp(`^${wrong.outcome} `, 'm'));
      expect(failed).toContain('NOT SOLVED');
    }
    await learner.type('hint', /hint 1 of/);
    await learner.type('explain', /first solve it/);
    await learner.type('reset', /as it was at first/);
    const [right] = lesson.right;
    await typeIn(folder.path, right);
    const solved = await check(learner);
    expect(solved).toMatch(new RegExp(`^${right.outcome} `, 'm'));
    const worth = 10 - 2 - lesson.wrong.length;
    expect(solved).toContain(`SOLVED  ${String(worth)} of 10 points`);
    await learner.type('explain', /To read on/);
    workshop.stdin.end('q\n');
    expect((await workshop).exitCode).toBe(0);
    const list = await tablefull(folder.path, ['workshop']);
    expect(list.stdout).toMatch(new RegExp(`^${name} .* ${String(worth)}/10`, 'm'));
  });
});
