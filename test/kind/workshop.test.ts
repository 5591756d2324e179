import { describe, expect, it } from 'vitest';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { scratch } from '../lab/command.ts';
import { Learner, playBoth } from '../lab/learner.ts';
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
    async (name, lesson) => {
      using folder = scratch();
      const learner = new Learner(folder.path, name, ['--lab', 'kind']);
      expect(await learner.report(OPEN_MS)).toContain('with kubectl');
      await playBoth(learner, lesson);
    },
    2 * OPEN_MS,
  );

  it('there are two or more', () => {
    expect(PLAYED.length).toBeGreaterThanOrEqual(2);
  });
});
