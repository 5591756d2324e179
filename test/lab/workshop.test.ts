import { describe, expect, it } from 'vitest';
import { scratch } from './command.ts';
import { Learner, playBoth, PLAYED } from './learner.ts';
import { conclusivePlay, tablefull } from './standing.ts';

/** By a rule, and by a file that is given; by a sysctl: seats.test.ts. Every fix of every lesson: atlas-workshop.test.ts. */
const SHORT = ['reset-by-peer', 'ship-a-fix'];

describe.each(PLAYED.filter(([, { name }]) => SHORT.includes(name)))('the lesson %s', (title, lesson) => {
  const { name } = lesson;
  it(`${title}: a wrong fix is told from a right one`, async () => {
    await conclusivePlay(async () => {
      using folder = scratch();
      const learner = new Learner(folder.path, name);
      const report = await learner.report();
      expect(report).toContain('Measured by its users: ');
      expect(report).not.toMatch(/drop \+|table full|kube-proxy/);
      await playBoth(learner, lesson);
      const list = await tablefull(folder.path, ['workshop']);
      expect(list.stdout).toMatch(new RegExp(`^${name} .* 9/10`, 'm'));
    });
  });
});
