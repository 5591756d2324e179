import type { LoadContext } from './context.ts';
import type { Evidence } from './outcomes.ts';
import { openLoop } from './schedule.ts';

/** How an operation ended. */
export interface Ended {
  /** `ok`, or the failure in the client's words. */
  readonly outcome: string;
  /** The pod's node, where the load runs on several nodes. */
  readonly node?: string | undefined;
  readonly evidence?: Evidence | undefined;
}

/**
 * Starts each operation when it is due, in an open loop, and records how it ended. Resolves when the last has
 * ended.
 *
 * @param due ascending, ms on the clock of the outcomes
 * @param operation undefined where another agent offers it; resolves to its end, or to the outcome alone
 */
export async function offerWhenDue(
  due: readonly number[],
  { outcomes, signal }: Pick<LoadContext, 'outcomes' | 'signal'>,
  operation: (index: number, due: number) => (() => Promise<string | Ended>) | undefined,
): Promise<void> {
  const all = Promise.withResolvers<undefined>();
  // Counted, not collected: a list of promises would keep what each refers to until the last has ended.
  let unfinished = 1;
  const finish = (): void => {
    if (--unfinished === 0) all.resolve(undefined);
  };
  const offered = openLoop(
    due,
    () => outcomes.elapsed(),
    (i, at) => {
      const begin = operation(i, at);
      if (begin === undefined) return;
      outcomes.started(at);
      unfinished++;
      begin()
        .then((end) => {
          const { outcome, node, evidence }: Ended = typeof end === 'string' ? { outcome: end } : end;
          outcomes.ended(at, outcome, node, evidence);
          finish();
        })
        .catch(all.reject);
    },
    signal,
  );
  await Promise.all([offered.then(finish), all.promise]);
}
