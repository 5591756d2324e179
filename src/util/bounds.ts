import { z } from 'zod';
import { DURATION, formatDuration, parseDuration } from './duration.ts';

/** s. The longest phase: an hour. */
const LONGEST = 3600;

const UNITS = { seconds: 1000, milliseconds: 1 } as const;

/**
 * A duration in a file, as a number or as text with a unit; parsed to a number.
 *
 * @param unit of bare numbers and of the result
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
        `is ${input === undefined ? 'missing' : 'not a duration'}; give 500ms, 1.5s or 2m, or a number of ${unit}`,
    })
    .describe(`${description} A bare number is in ${unit}.`);
}

export function seconds(description: string) {
  return duration(z.number().positive().max(LONGEST), 'seconds', description);
}

/** A moment from the start of a phase, or a duration that may be 0; in seconds. */
export function moment(description: string) {
  return duration(z.number().nonnegative().max(LONGEST), 'seconds', description);
}

/** A duration in ms. */
export function milliseconds(description: string) {
  const number = z.number().int().positive();
  return duration(number.max(LONGEST * 1000), 'milliseconds', description);
}

/** Operations in a phase, bounded by memory and history size. */
export const count = z.number().int().positive().max(10_000_000);
/** Sockets open at the same time, each a file of one process. */
export const sockets = z.number().int().positive().max(100_000);

/** The embedded lab has this many pod addresses per node. */
export const replicas = z.number().int().positive().max(250);
const MOST_NODES = 100;
export const pods = z
  .number()
  .int()
  .nonnegative()
  .max(250 * MOST_NODES);

/** Fits the kernel's int. */
export const kernelInt = z
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** Unique names of nodes. */
export function nodeList(name: z.ZodString) {
  return z
    .array(name)
    .max(MOST_NODES)
    .superRefine((names, context) => {
      for (const [i, each] of names.entries()) {
        if (names.indexOf(each) < i)
          context.addIssue({ code: 'custom', path: [i], message: `${each} is a duplicate; remove one` });
      }
    })
    .meta({ uniqueItems: true });
}

/** Consecutive stages. */
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
