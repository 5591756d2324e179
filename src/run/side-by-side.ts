/** How jobs share the machine. */
interface Sharing<J> {
  /** The number of jobs at once. */
  readonly count: number;
  /** Whether no other job may be active. */
  readonly alone: (job: J) => boolean;
  /** Carries out one job. @throws Error where none of its kind can be carried out */
  readonly work: (job: J) => Promise<void>;
  /** What to do once more, one at a time: other jobs may have disturbed it. Asked when all others are done. */
  readonly again: () => Iterable<J>;
  readonly signal: AbortSignal;
}

/**
 * Carries out jobs side by side, then those that need the machine alone, then those to be done again. After
 * an abort it begins none.
 *
 * @throws the first error, when the jobs beside it have ended
 */
export async function sideBySide<J>(jobs: readonly J[], sharing: Sharing<J>): Promise<void> {
  const { count, alone, work, again, signal } = sharing;
  const inTurn = async (some: Iterable<J>): Promise<void> => {
    for (const job of some) {
      if (signal.aborted) return;
      await work(job);
    }
  };
  // Workers share one iterator: each takes the next job when it is free.
  const next = jobs.filter((job) => !alone(job)).values();
  const ended = await Promise.allSettled(Array.from({ length: count }, () => inTurn(next)));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  await inTurn(jobs.filter(alone));
  await inTurn(again());
}
