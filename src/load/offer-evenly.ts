import type { LoadContext, LoadPod } from './context.ts';
import { openLoop, spread } from './schedule.ts';

/** What is offered evenly. */
interface Offered {
  readonly pods: string;
  /** Operations in the whole phase. */
  readonly operations: number;
  readonly seconds: number;
}

/**
 * Starts each operation when it is due, from the pods in turn, and records how it ended. Resolves when the
 * last has ended.
 *
 * @param operation resolves to `ok`, or to the failure in the client's words
 * @throws Error where the set has no pods
 */
export async function offerEvenly(
  { pods: set, operations, seconds }: Offered,
  { pods: podsOf, outcomes, random, signal }: LoadContext,
  operation: (pod: LoadPod) => Promise<string>,
): Promise<void> {
  const pods = podsOf(set);
  const pending: Promise<void>[] = [];
  await openLoop(
    spread(operations, 0, seconds, random),
    () => outcomes.elapsed(),
    (i, due) => {
      const pod = pods[i % pods.length];
      if (pod === undefined) throw new Error(`${set}: there are no such pods`);
      // Other agents offer the operations of other pods.
      if (!pod.own) return;
      outcomes.started(due);
      pending.push(
        operation(pod).then((outcome) => {
          outcomes.ended(due, outcome);
        }),
      );
    },
    signal,
  );
  await Promise.all(pending);
}
