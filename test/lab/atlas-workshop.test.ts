import { describe, expect, it } from 'vitest';
import { offerKubeProxy } from './built-kube-proxy.ts';
import { scratch } from './command.ts';
import { Learner, PLAYED } from './learner.ts';

offerKubeProxy();

describe.each(PLAYED)('the lesson %s', (title, lesson, playable) => {
  it.skipIf(!playable)(
    `${title}: each fix of the answer key has the outcome that is written there`,
    async () => {
      using folder = scratch();
      const learner = new Learner(folder.path, lesson.name);
      await learner.report();
      await learner.talk.type('hint', /hint 1 of/);
      await learner.talk.type('explain', /first solve it/);
      for (const [i, fix] of [...lesson.wrong, ...lesson.right].entries()) {
        if (i > 0) await learner.talk.type('reset', /as it was at first/);
        expect(await learner.fix(fix), fix.says).toMatch(new RegExp(`^${fix.outcome} `, 'm'));
      }
      await learner.talk.type('explain', /To read on/);
      expect(await learner.quit()).toBe(0);
    },
  );
});
