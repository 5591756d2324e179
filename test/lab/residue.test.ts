import { describe, it } from 'vitest';
import { seeded } from '../../src/load/schedule.ts';
import { isRoot, type As } from './command.ts';
import { killAndCompare, type Victim } from './kill.ts';

const TIMES = Number(process.env.TABLEFULL_KILLS ?? 1);
const VICTIMS: readonly Victim[] = ['harness', 'any process'];
/** The moments lie between the first process and so long after; a whole run in the soak test. */
const LONGEST_MS = Number(process.env.TABLEFULL_KILL_SPAN_MS ?? 7_000);
const SEED = Number(process.env.TABLEFULL_SEED ?? 1);

const RUNS: readonly (readonly [what: string, as: As, args: readonly string[]])[] = [
  ['a rootless run', 'nobody', ['saturate']],
  ['a rootless run with resolver processes', 'nobody', ['dns-storm']],
  ['a run as root with a global squeeze', 'root', ['saturate', '--squeeze', 'sysctl']],
  ['a run as root that raises the maximum', 'root', ['saturate', '--remedy', 'raise-max']],
];

describe('after kill -9 at a random moment the machine is as before', () => {
  for (const [what, as, args] of RUNS) {
    const able = as === 'nobody' || isRoot;
    for (const victim of VICTIMS) {
      it.skipIf(!able)(`of ${victim} of ${what}${able ? '' : ' (skipped: needs root)'}`, async () => {
        const random = seeded(SEED + RUNS.findIndex((run) => run[0] === what));
        for (let i = 0; i < TIMES; i++) await killAndCompare(args, as, victim, LONGEST_MS, random);
      });
    }
  }

  it.skipIf(!isRoot)(
    `of harness and watchdog together, after the next command${isRoot ? '' : ' (skipped: needs root)'}`,
    async () => {
      const random = seeded(SEED + RUNS.length);
      for (let i = 0; i < TIMES; i++)
        await killAndCompare(['saturate', '--squeeze', 'sysctl'], 'root', 'all at once', LONGEST_MS, random);
    },
  );
});
