import { z } from 'zod';
import { DURATION, formatDuration, parseDuration } from './duration.ts';

/** A phase lasts an hour at the most: nobody waits longer for one, and the machine is not the same afterwards, s. */
const LONGEST = 3600;

const UNITS = { seconds: 1000, milliseconds: 1 } as const;

/**
 * A duration in a file: a number, or text with a unit. It is read as a number.
 *
 * @param unit of a bare number, and of what is read
 */
export function duration(number: z.ZodNumber, unit: keyof typeof UNITS, description: string) {
  const text = z
    .string()
    .regex(DURATION)
    .transform((given) => parseDuration(given) / UNITS[unit])
    .pipe(number);
  return z
    .union([number, text], {
      error: ({ input }) =>
        `is ${input === undefined ? 'missing' : 'no duration'}; give 500ms, 1.5s or 2m, or a number of ${unit}`,
    })
    .describe(`${description} A bare number is in ${unit}.`);
}

/** How long something lasts; read as seconds. */
export function seconds(description: string) {
  return duration(z.number().positive().max(LONGEST), 'seconds', description);
}

/** A moment of a phase, counted from its beginning; or how long, where that may be no time at all. Read as seconds. */
export function moment(description: string) {
  return duration(z.number().nonnegative().max(LONGEST), 'seconds', description);
}

/** How long something lasts; read as milliseconds. */
export function milliseconds(description: string) {
  const number = z.number().int().positive();
  return duration(number.max(LONGEST * 1000), 'milliseconds', description);
}

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
        context.addIssue(
          `last ${formatDuration(together * 1000)} together; give at most ${formatDuration(LONGEST * 1000)}`,
        );
    });
}
