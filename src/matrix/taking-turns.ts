import type { LabEntry } from '../lab/entry.ts';
import type { Lab, LabOptions } from '../lab/lab.ts';
import { reachesOut } from '../scenario/change.ts';
import { Turns } from './turns.ts';

/**
 * The same kind of lab, whose labs take turns with the machine’s limit. The lab’s own lock would do between two runs
 * of two users; a matrix keeps several going without a pause, and then whoever waits for it alone would starve.
 */
export function takingTurns(lab: LabEntry): LabEntry {
  const turns = new Turns();
  return { ...lab, open: async (options) => withTurns(await lab.open(options), options, turns) };
}

function withTurns(lab: Lab, options: LabOptions, turns: Turns): Lab {
  return {
    reserve: async (changes, signal) => {
      await using reserving = new AsyncDisposableStack();
      reserving.use(await turns.take(reachesOut(changes, options), signal));
      reserving.use(await lab.reserve(changes, signal));
      return reserving.move();
    },
    phase: (phase, conditions, signal) => lab.phase(phase, conditions, signal),
    capacity: (load, signal) => lab.capacity(load, signal),
    apply: (change, cycle, signal) => lab.apply(change, cycle, signal),
    clear: (signal) => lab.clear(signal),
    shells: () => lab.shells(),
    lost: lab.lost,
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}
