import { z } from 'zod';

/** On the machine's monotonic clock. */
export const time = z.number().nonnegative().describe('When it was recorded, ms since the run began.');
const unit = z.string().describe('What the demand counts, or the name of a background load.');

/** Outcomes of the operations that ended since the last such event. The history adds the phase. */
export const outcomesSchema = z.strictObject({
  type: z.literal('outcomes'),
  t: time,
  unit,
  node: z.string().optional().describe('The node of the pods, where the load runs on several nodes.'),
  outcome: z
    .string()
    .describe('`ok`, or the failure in the client’s own words: `(28) Connection timed out`.'),
  due: z.array(z.number()).describe('When each was due, ms since the phase began.'),
  latency: z.array(z.number()).describe('From when each was due to its end, ms; in the same order.'),
  resent: z
    .array(z.number().int().nonnegative())
    .optional()
    .describe(
      'SYNs that the kernel retransmitted for each, in the same order. Absent: not measured (TCP_INFO).',
    ),
});

/** What a load offered in a phase, and how punctually. The history adds the phase. */
export const offeredSchema = z.strictObject({
  type: z.literal('offered'),
  t: time,
  unit,
  count: z.number().int().nonnegative().describe('How many were due in the phase.'),
  lateP95: z.number().nonnegative().describe('How late the generator started them, ms, 95th percentile.'),
  unreadP95: z
    .number()
    .nonnegative()
    .optional()
    .describe('How long answers waited in their sockets, ms, 95th percentile.'),
  began: z
    .number()
    .nonnegative()
    .optional()
    .describe('When the first was due, ms since the phase began, where a program decides that itself.'),
  starved: z
    .string()
    .optional()
    .describe('Why the generator could not offer everything: out of local ports. Absent: it could.'),
});

export type LoadEvent = z.infer<typeof outcomesSchema> | z.infer<typeof offeredSchema>;
