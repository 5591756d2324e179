import { describe, expect, it } from 'vitest';
import { offerKubeProxy } from './built-kube-proxy.ts';
import { scratch } from './command.ts';
import { Learner, playBoth, PLAYED } from './learner.ts';
import { tablefull } from './standing.ts';

// Everything else that learners try first: atlas-workshop.test.ts.
offerKubeProxy();

describe.each(PLAYED)('the lesson %s', (title, lesson, playable) => {
  const { name } = lesson;
  it.skipIf(!playable)(`${title}: a wrong fix is told from a right one`, async () => {
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
