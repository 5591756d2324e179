import { PhaseScope } from '../../../src/agent/phase-scope.ts';
import type { PhaseStep } from '../../../src/agent/rpc.ts';
import { orAborted } from '../../../src/util/or-aborted.ts';

/** How an agent in memory takes the steps of a phase. */
interface Around {
  /** What agents have begun and not ended. */
  readonly standing: Set<string>;
  /** Resolves when the load is over. */
  readonly finished: Promise<unknown>;
  /** The error of a step, or of `undo`, if it fails. */
  readonly failing: (step: PhaseStep | 'undo') => Error | undefined;
}

/** A phase of an agent: it samples, has a scheduled change made, and offers until `finished`. */
export function memoryPhase(name: string, { standing, finished, failing }: Around) {
  let scope = new PhaseScope();
  const begin = (): void => {
    scope = new PhaseScope();
    for (const part of ['sampler', 'scheduled change', 'load']) standing.add(`${name} ${part}`);
    const end = (part: string): Promise<void> => Promise.resolve(void standing.delete(`${name} ${part}`));
    scope.sample({ [Symbol.asyncDispose]: () => end('sampler') });
    void scope.schedule({
      ready: Promise.resolve(),
      stop: () => undefined,
      start: () => undefined,
      made: Promise.resolve(),
      [Symbol.asyncDispose]: async () => {
        const stuck = failing('undo');
        if (stuck !== undefined) throw stuck;
        await end('scheduled change');
      },
    });
  };
  const offer = (): Promise<void> =>
    orAborted(finished, scope.stop.signal)
      .then(() => undefined)
      .finally(() => standing.delete(`${name} load`));
  const take = async (step: PhaseStep): Promise<void> => {
    if (step === 'begin') begin();
    const failure = failing(step);
    if (failure !== undefined) {
      if (step === 'offer') standing.delete(`${name} load`);
      throw failure;
    }
    if (step === 'offer') await offer();
    if (step === 'end') await scope.end([]);
  };
  return (step: PhaseStep): Promise<void> =>
    step === 'abandon' ? scope.abandon() : scope.running(take(step));
}
