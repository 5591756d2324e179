import { describe, expect, it } from 'vitest';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { scratch } from '../lab/command.ts';
import { Learner } from '../lab/learner.ts';
import { dockerMissing } from './cluster.ts';

const missing = await dockerMissing();
/** ms. Until a cluster is up and broken. */
const OPEN_MS = 400_000;
const PLAYED = LESSONS.flatMap((lesson) =>
  lesson.onCluster === undefined ? [] : [[lesson.name, lesson.onCluster] as const],
);

describe.skipIf(missing !== undefined)('a lesson in a cluster, with kubectl', () => {
  it.each(PLAYED)(
    '%s: a wrong fix is told from a right one',
    async (name, { wrong: [wrong], right: [right] }) => {
      using folder = scratch();
      const learner = new Learner(folder.path, name, ['--lab', 'kind']);
      expect(await learner.report(OPEN_MS)).toContain('with kubectl');
      const failed = await learner.fix(wrong);
      expect(failed).toMatch(new RegExp(`^${wrong.outcome} `, 'm'));
      expect(failed).toContain('NOT SOLVED');
      const solved = await learner.fix(right);
      expect(solved).toMatch(new RegExp(`^${right.outcome} `, 'm'));
      expect(solved).toContain('SOLVED  9 of 10 points');
      expect(await learner.quit()).toBe(0);
    },
    2 * OPEN_MS,
  );

  it('there are two or more', () => {
    expect(PLAYED.length).toBeGreaterThanOrEqual(2);
  });
});
