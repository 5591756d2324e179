import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerKubeProxy } from './built-kube-proxy.ts';
import { scratch } from './command.ts';
import { Learner, PLAYED } from './learner.ts';
import { tablefull } from './standing.ts';

// Everything else that learners try first: atlas-workshop.test.ts.
let offered: Disposable | undefined;
beforeAll(() => {
  offered = offerKubeProxy();
});
afterAll(() => {
  offered?.[Symbol.dispose]();
});

describe.each(PLAYED)('the lesson %s', (title, lesson, playable) => {
  const { name } = lesson;
  it.skipIf(!playable)(`${title}: a wrong fix is told from a right one`, async () => {
    using folder = scratch();
    const learner = new Learner(folder.path, name);
    const report = await learner.report();
    expect(report).toContain('Measured by its users: ');
    expect(report).not.toMatch(/drop \+|table full|kube-proxy/);
    const [[wrong], [right]] = [lesson.wrong, lesson.right];
    const failed = await learner.fix(wrong);
    expect(failed).toMatch(new RegExp(`^${wrong.outcome} `, 'm'));
    expect(failed).toContain('NOT SOLVED');
    const solved = await learner.fix(right);
    expect(solved).toMatch(new RegExp(`^${right.outcome} `, 'm'));
    expect(solved).toContain('SOLVED  9 of 10 points');
    expect(await learner.quit()).toBe(0);
    const list = await tablefull(folder.path, ['workshop']);
    expect(list.stdout).toMatch(new RegExp(`^${name} .* 9/10`, 'm'));
  });
});
