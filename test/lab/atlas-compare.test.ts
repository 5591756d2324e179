import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comparisonSchema } from '../../src/schema/comparison.ts';
import { scratch, start } from './command.ts';
import { slowed, whyNoQuota } from './quota.ts';

const why = whyNoQuota();
const skipped = why === undefined ? '' : ` (skipped: ${why})`;

it.skipIf(why !== undefined)(
  `two matrices of one kernel, one with half of one core, have nothing to tell apart${skipped}`,
  async () => {
    await using slow = await slowed({ quota: 0.5 });
    using folder = scratch();
    const matrix = ['matrix', '--quick', '--only', 'boom', '--quiet', '--jobs', '1'];
    await start([...matrix, '--out', 'a'], 'nobody', folder.path).process;
    await start([...matrix, '--out', 'b'], 'nobody', folder.path, slow.before).process;
    const sides = ['a', 'b'].map((name) => join(folder.path, name));
    const { exitCode, stdout } = await start(['compare', ...sides, '--format', 'json'], 'nobody', folder.path)
      .process;
    expect(comparisonSchema.parse(JSON.parse(stdout))).toMatchObject({
      verdicts: [],
      figures: [],
      onlyA: [],
      onlyB: [],
    });
    expect(exitCode).toBe(0);
  },
);
