import { z } from 'zod';
import { changeSchema } from './change.ts';
import { keepaliveSchema, loadSchema } from './load.ts';
import { topologySchema } from './topology.ts';

export const SYMPTOM_STATUSES = ['reproduced', 'not-reproduced', 'inconclusive', 'skipped'] as const;
export const REMEDY_STATUSES = [
  'cured',
  'reduced',
  'delayed',
  'no-effect',
  'worse',
  'inconclusive',
  'skipped',
] as const;

export type RemedyStatus = (typeof REMEDY_STATUSES)[number];

/** An expectation over the figures of one phase: `requests.failed.rate > 0.2`, in k6's threshold grammar. */
export const expectationSchema = z
  .string()
  .regex(
    /^\s*\S+( p\(\d+(\.\d+)?\))?\s*(<=|>=|<|>|==|!=)\s*-?\d+(\.\d+)?\s*$/,
    'an expectation reads: FIGURE > NUMBER',
  );

/** A scenario with its parameters filled in: all that a run does and all that the judge needs, as data. */
export const protocolSchema = z.strictObject({
  topology: topologySchema,
  /** The node whose table is under test: figures without a node's name are its own. */
  node: z.string(),
  /** Offered once a phase, the same each time. */
  demand: loadSchema,
  /** Held from before the fault to the end. */
  canaries: keepaliveSchema.optional(),
  fault: changeSchema,
  symptom: z.strictObject({
    expected: z.enum(SYMPTOM_STATUSES),
    /** All must hold of the fault's phase, and not all of the baseline's. */
    when: z.array(expectationSchema).min(1),
    /** The figure that says how badly the demand was missed, 0 to 1; a remedy is judged by it. */
    unmet: z.string(),
    /** Said with the verdict where it is `not-reproduced`: which counter proves the kernel's own cure. */
    finding: z.string().optional(),
  }),
  /** The same figures are shown with every verdict, in this order. */
  show: z.array(z.string()),
  /** What a reader of the verdict has to know of this run: what was shortened, for one. */
  note: z.string().optional(),
  /** How long an entry of this demand stays in the table, in seconds: for rate × lifetime. */
  lifetime: z.number().positive().optional(),
  remedies: z.record(z.string(), z.enum(REMEDY_STATUSES)),
});

export type Protocol = z.infer<typeof protocolSchema>;
