import { EventEmitter } from 'node:events';
import { expect, it, test } from 'vitest';
import { watchSignals } from '../../../src/cli/signals.ts';
import { Interrupted } from '../../../src/run/stops.ts';

/** Signals as they arrive: `[milliseconds, name]`. */
function deliver(...arrivals: readonly (readonly [number, NodeJS.Signals])[]): {
  said: string[];
  signal: AbortSignal;
} {
  const source = new EventEmitter();
  const said: string[] = [];
  let now = 0;
  const signal = watchSignals(
    source,
    (line) => said.push(line.split(';')[0] ?? ''),
    () => now,
  );
  for (const [at, name] of arrivals) {
    now = at;
    source.emit(name, name);
  }
  return { said, signal };
}

const ABORTED = 'SIGINT: taking the lab down and restoring';
const STILL = 'SIGINT: still restoring';

test.each([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGHUP', 'SIGTERM'],
] as const)('%s interrupts a run, as %s', (name, by) => {
  const { signal } = deliver([0, name]);
  expect(signal.aborted && signal.reason).toEqual(new Interrupted(by));
});

it('takes a SIGINT that npm delivers twice for one', () => {
  expect(deliver([0, 'SIGINT'], [3, 'SIGINT'], [999, 'SIGINT']).said).toEqual([ABORTED]);
});

it('answers a second SIGINT that it is still restoring, each time it is asked', () => {
  expect(deliver([0, 'SIGINT'], [1000, 'SIGINT'], [1004, 'SIGINT'], [2500, 'SIGINT']).said).toEqual([
    ABORTED,
    STILL,
    STILL,
  ]);
});

it('keeps to the first signal as the reason', () => {
  expect(deliver([0, 'SIGINT'], [5000, 'SIGTERM']).signal.reason).toEqual(new Interrupted('SIGINT'));
});

it('does nothing without a signal', () => {
  const { said, signal } = deliver();
  expect([said, signal.aborted]).toEqual([[], false]);
});
