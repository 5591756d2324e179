import { describe, it } from 'vitest';
import { killAndCompare } from './kill.ts';

const RUNS = [
  ['a rootless run', ['saturate']],
  ['a rootless run with resolver processes', ['dns-storm']],
] as const;

// Without root the machine does not change, so all of these can be compared with it at once.
describe.concurrent('after kill -9 at a random moment the machine is as before', () => {
  for (const [nth, [what, args]] of RUNS.entries())
    it.each(['harness', 'any process'] as const)(
      `killing %s of ${what} leaves the machine as before`,
      async (victim) => {
        await killAndCompare(nth, 'nobody', args, victim);
      },
    );
});
