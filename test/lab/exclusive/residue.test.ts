import { describe, it } from 'vitest';
import { isRoot } from '../command.ts';
import { killAndCompare } from '../kill.ts';

const SQUEEZED = ['saturate', '--squeeze', 'sysctl'];
const RUNS = [
  ['with a global squeeze', SQUEEZED],
  ['that raises the maximum', ['saturate', '--remedy', 'raise-max']],
] as const;
/** Rootless runs have the numbers below. */
const FIRST = 2;

describe.skipIf(!isRoot)(
  `after kill -9 at a random moment the machine is as before${isRoot ? '' : ' (skipped: needs root)'}`,
  () => {
    for (const [i, [what, args]] of RUNS.entries())
      it.each(['harness', 'any process'] as const)(
        `killing %s of a run as root ${what} leaves the machine as before`,
        async (victim) => {
          await killAndCompare(FIRST + i, 'root', args, victim);
        },
      );

    it('killing harness and watchdog together leaves the machine as before, after the next command', async () => {
      await killAndCompare(FIRST + RUNS.length, 'root', SQUEEZED, 'all at once');
    });
  },
);
