import { z } from 'zod';

/** A phase lasts an hour at the most: nobody waits longer for one, and the machine is not the same afterwards. */
const LONGEST = 3600;

/** How long something lasts, in seconds. */
export const seconds = z.number().positive().max(LONGEST);
/** A moment of a phase, in seconds since it began; or how long, where that may be no time at all. */
export const moment = z.number().nonnegative().max(LONGEST);
/** How long something lasts, in ms. */
export const milliseconds = z
  .number()
  .int()
  .positive()
  .max(LONGEST * 1000);

/** How much is asked for in a phase: each takes its place in the history, and in memory. */
export const count = z.number().int().positive().max(10_000_000);
/** Sockets that are open at the same time, each a file of one process. */
export const sockets = z.number().int().positive().max(100_000);

/** A lab of network namespaces has as many addresses for a node's pods. */
export const replicas = z.number().int().positive().max(250);
const MOST_NODES = 100;
export const pods = z
  .number()
  .int()
  .nonnegative()
  .max(250 * MOST_NODES);

/** What the kernel keeps in an int. */
export const kernelInt = z
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** Names of nodes, each of them once. */
export function nodeList(name: z.ZodString) {
  return z
    .array(name)
    .max(MOST_NODES)
    .superRefine((names, context) => {
      for (const [i, each] of names.entries()) {
        if (names.indexOf(each) < i)
          context.addIssue({ code: 'custom', path: [i], message: `${each} is there twice; leave one out` });
      }
    })
    .meta({ uniqueItems: true });
}

/** Stages, one after the other. */
export function stageList<S extends z.ZodType<{ seconds: number }>>(stage: S) {
  return z
    .array(stage)
    .min(1)
    .max(1000)
    .superRefine((stages, context) => {
      const together = stages.reduce((sum, each) => sum + each.seconds, 0);
      if (together > LONGEST && stages.every((each) => each.seconds <= LONGEST))
        context.addIssue(`last ${String(together)} s together; give at most ${String(LONGEST)}`);
    });
}
