/** The document of a bench: measurements only, nothing derived. */
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
  /** Samples in the order of the rounds. A missing or failed contender says why. */
  contenders: z.array(
    z.strictObject({ name: z.string(), samples: z.array(sampleSchema), why: z.string().optional() }),
  ),
  /** One for each round, measured right before it; thousands of turns a second. */
  calibrations: z.array(z.number()),
  comparisons: z.array(comparisonSchema),
  /** Why the whole work was impossible. */
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
  /** Shares of the bench's time: stolen by the host; some task waiting for a CPU. */
  steal: z.number(),
  pressure: z.number().nullable(),
  calibrations: z.array(z.number()),
});
export type MachineReport = z.infer<typeof machineSchema>;

export const benchSchema = z.strictObject({
  schema: z.literal('tablefull/bench/v1'),
  version: z.string(),
  /** The measured commit, and the one of `--against`; null if git does not know it. */
  commit: z.string().nullable(),
  against: z.string().nullable(),
  startedAt: z.string(),
  seconds: z.number(),
  quick: z.boolean(),
  machine: machineSchema,
  works: z.array(workReportSchema),
});
export type BenchReport = z.infer<typeof benchSchema>;
