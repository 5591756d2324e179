import { describe, it } from 'vitest';
import { isRoot } from '../command.ts';
import { killAndCompare } from '../kill.ts';

const SQUEEZED = ['saturate', '--squeeze', 'sysctl'];
const RUNS = [
  ['with a global squeeze', SQUEEZED],
  ['that raises the maximum', ['saturate', '--remedy', 'raise-max']],
] as const;
/** Those of rootless runs have the numbers below. */
const FIRST = 2;

describe.skipIf(!isRoot)(
  `after kill -9 at a random moment the machine is as before${isRoot ? '' : ' (skipped: needs root)'}`,
  () => {
    for (const [i, [what, args]] of RUNS.entries())
      it.each(['harness', 'any process'] as const)(`of %s of a run as root ${what}`, async (victim) => {
        await killAndCompare(FIRST + i, 'root', args, victim);
      });

    it('of harness and watchdog together, after the next command', async () => {
      await killAndCompare(FIRST + RUNS.length, 'root', SQUEEZED, 'all at once');
    });
  },
);
