/** The document of a bench: what was measured, and nothing that follows from it. */
import { z } from 'zod';

const sampleSchema = z.strictObject({
  value: z.number(),
  cpu: z.number().optional(),
  server: z.number().optional(),
  machine: z.number().optional(),
  softirq: z.number().optional(),
  note: z.string().optional(),
});

const comparisonSchema = z.strictObject({
  of: z.string(),
  to: z.string().optional(),
  figure: z.enum(['value', 'cpu', 'machine']).optional(),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
});

export const workReportSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  unit: z.string(),
  better: z.enum(['more', 'less']),
  /** Samples in the order of the rounds. A contender that was missing or failed says why. */
  contenders: z.array(
    z.strictObject({ name: z.string(), samples: z.array(sampleSchema), why: z.string().optional() }),
  ),
  /** One a round, taken right before it; thousands of turns a second. */
  calibrations: z.array(z.number()),
  comparisons: z.array(comparisonSchema),
  /** Why the whole work could not be done. */
  why: z.string().optional(),
  seconds: z.number(),
});
export type WorkReport = z.infer<typeof workReportSchema>;

const machineSchema = z.strictObject({
  cores: z.number(),
  model: z.string(),
  memoryGiB: z.number(),
  kernel: z.string(),
  node: z.string(),
  nfConntrackMax: z.number().nullable(),
  /** Shares of the time of the bench: taken by the host; in which some task waited for a CPU. */
  steal: z.number(),
  pressure: z.number().nullable(),
  calibrations: z.array(z.number()),
});
export type MachineReport = z.infer<typeof machineSchema>;

export const benchSchema = z.strictObject({
  schema: z.literal('tablefull/bench/v1'),
  version: z.string(),
  /** The commit that was measured, and the one it was measured against; null where git does not say. */
  commit: z.string().nullable(),
  against: z.string().nullable(),
  startedAt: z.string(),
  seconds: z.number(),
  quick: z.boolean(),
  machine: machineSchema,
  works: z.array(workReportSchema),
});
export type BenchReport = z.infer<typeof benchSchema>;
