import type { LoadContext, LoadPod } from './context.ts';
import { offerWhenDue } from './offer-when-due.ts';
import { inTurn, spread } from './schedule.ts';

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
  context: LoadContext,
  operation: (pod: LoadPod) => Promise<string>,
): Promise<void> {
  const pods = context.pods(set);
  await offerWhenDue(spread(operations, 0, seconds, context.random), context, (i) => {
    const pod = inTurn(pods, i);
    return pod.own ? () => operation(pod) : undefined;
  });
}
