import { describe, it } from 'vitest';
import { seeded } from '../../src/load/schedule.ts';
import { isRoot } from './command.ts';
import { killAndCompare, type Victim } from './kill.ts';

const TIMES = Number(process.env.TABLEFULL_KILLS ?? 2);
const VICTIMS: readonly Victim[] = ['harness', 'any process'];
/** The moments lie between the first process and the third phase. */
const LONGEST_MS = 7_000;
const SEED = Number(process.env.TABLEFULL_SEED ?? 1);

describe('after kill -9 at a random moment the machine is as before', () => {
  for (const victim of VICTIMS) {
    it(`of ${victim}, without root`, async () => {
      const random = seeded(SEED);
      for (let i = 0; i < TIMES; i++)
        await killAndCompare(['saturate'], 'nobody', victim, LONGEST_MS, random);
    });
    it.skipIf(!isRoot)(
      `of ${victim}, as root with a global squeeze${isRoot ? '' : ' (skipped: needs root)'}`,
      async () => {
        const random = seeded(SEED + 1);
        for (let i = 0; i < TIMES; i++)
          await killAndCompare(['saturate', '--squeeze', 'sysctl'], 'root', victim, LONGEST_MS, random);
      },
    );
  }

  it.skipIf(!isRoot)(
    `of harness and watchdog together, after the next command${isRoot ? '' : ' (skipped: needs root)'}`,
    async () => {
      const random = seeded(SEED + 2);
      for (let i = 0; i < TIMES; i++)
        await killAndCompare(['saturate', '--squeeze', 'sysctl'], 'root', 'all at once', LONGEST_MS, random);
    },
  );
});
