import { z } from 'zod';
import type { Value } from '../change/done.ts';
import { changeSchema } from '../change/index.ts';
import { SQUEEZES } from '../change/squeezes.ts';
import { CONNTRACK_COUNTERS } from '../kernel/counter-names.ts';
import { offeredSchema, outcomesSchema, time } from '../load/events.ts';
import { STAGES } from './stages.ts';
import { runHeaderSchema } from './run-header.ts';

export const phaseSchema = z
  .strictObject({
    cycle: z.string().describe('`symptom`, or the name of a remedy.'),
    stage: z
      .enum(STAGES)
      .describe(
        'What is in place: nothing; the fault; the fault without the remedy; the remedy on the live table; the remedy on a fresh table.',
      ),
  })
  .describe('The phase that it was seen in.');
export type Phase = z.infer<typeof phaseSchema>;
export type { Stage } from './stages.ts';

const pace = z
  .number()
  .positive()
  .describe('How many times as long as the scenario says the demand takes. 1: the machine keeps up.');

/** How a phase is adapted to this machine; pace 1 and slack 0 where it keeps up. */
export const conditionsSchema = z.strictObject({
  pace,
  slack: z
    .number()
    .nonnegative()
    .describe('Added to clients’ time limits, ms: what this machine takes without the fault.'),
});
export type Conditions = z.infer<typeof conditionsSchema>;

export { CONNTRACK_COUNTERS, type ConntrackCounter } from '../kernel/counter-names.ts';
const counters = z
  .record(z.enum(CONNTRACK_COUNTERS), z.number().int().nonnegative())
  .describe('The kernel’s conntrack counters, since the node began.');

const numbers = z.record(z.string(), z.number());

export const squeezeReportSchema = z
  .strictObject({
    kind: z.enum(SQUEEZES).describe('How free entries were taken away.'),
    asked: numbers.describe('The sizes asked for: entries by the kernel’s names, and `free`.'),
    got: numbers.describe('The sizes read back from the kernel, by the same names.'),
  })
  .describe('How free entries were taken away from the table under test.');
export type SqueezeReport = z.infer<typeof squeezeReportSchema>;

const t = time;
const node = z.string().describe('The node that it was seen on.');
const edge = z.enum(['start', 'end']).describe('The start or the end of the phase.');
const cycle = z
  .string()
  .describe('The cycle of phases that it belongs to: `symptom`, or the name of a remedy.');
const reason = z.string().describe('Why, in a sentence.');

const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(valueSchema).readonly(),
    z.record(z.string(), valueSchema),
  ]),
);

export const eventSchema = z.discriminatedUnion('type', [
  runHeaderSchema,
  z
    .strictObject({
      type: z.literal('pace'),
      t,
      pace,
      wanted: z.number().nonnegative().describe('Peak rate of the demand, operations a second.'),
      capacity: z
        .number()
        .nonnegative()
        .optional()
        .describe('Operations a second that the machine reached. Absent: not measured.'),
      reason: z.string().optional().describe('Why the run was slowed down. Absent at its start.'),
    })
    .describe('The measured capacity of the machine, and the pace that follows from it.'),
  z
    .strictObject({
      type: z.literal('phase'),
      t,
      phase: phaseSchema,
      edge,
      pace: pace.optional(),
    })
    .describe('A phase began or ended. The pace is given at its start.'),
  z
    .strictObject({
      type: z.literal('sample'),
      t,
      phase: phaseSchema,
      node: z.string().describe('The node, or the pod whose own table is sampled (`ownTable`).'),
      entries: z.number().int().describe('Entries in the table.'),
      limit: z.number().int().describe('nf_conntrack_max.'),
      buckets: z.number().int().describe('nf_conntrack_buckets.'),
      counters,
    })
    .describe('A table, sampled every 100 ms or more often.'),
  outcomesSchema
    .extend({ phase: phaseSchema })
    .describe('The outcomes of requests, lookups or connections since the last such event.'),
  offeredSchema
    .extend({ phase: phaseSchema })
    .describe('What a load offered in the phase, and how punctually.'),
  z
    .strictObject({
      type: z.literal('totals'),
      t,
      phase: phaseSchema,
      edge,
      node,
      totals: numbers.describe(
        'By figure: packets by nft counters (`packets.…`), queries at the DNS server.',
      ),
    })
    .describe('Totals read at both ends of a phase.'),
  z
    .strictObject({
      type: z.literal('measured'),
      t,
      phase: phaseSchema,
      figures: numbers.describe('By figure: `queries.perLookup.one-dot`.'),
    })
    .describe('A single measurement that is not a difference.'),
  z
    .strictObject({
      type: z.literal('change'),
      t,
      cycle,
      action: z.enum(['apply', 'undo']).describe('Whether the change was applied or undone.'),
      change: changeSchema.describe('The change.'),
      node: z.string().describe('The changed node or pod; `lab`, `machine` or `cluster` for other changes.'),
      before: valueSchema.describe('What was read before.'),
      after: valueSchema.describe('What was read after. Of an undo: what was there at first.'),
      emulated: z
        .boolean()
        .describe('The lab emulated the change: it made another one with the same effect.'),
    })
    .describe('A change was applied to one node, or undone there.'),
  z
    .strictObject({
      type: z.literal('executed'),
      t,
      node: z.string().describe('The node that executed the commands.'),
      lines: z.array(z.string()).describe('The commands, a line each, as `--dry-run` prints them.'),
    })
    .describe('The commands that one node executed.'),
  z
    .strictObject({ type: z.literal('retry'), t, phase: phaseSchema, reason })
    .describe('What was seen of this phase so far is invalid; the phase is retried.'),
  z
    .strictObject({ type: z.literal('squeeze'), t, cycle, report: squeezeReportSchema })
    .describe('Free entries were taken away from the table under test.'),
  z
    .strictObject({
      type: z.literal('not-judged'),
      t,
      cycle,
      status: z.enum(['skipped', 'inconclusive']).describe('The status that follows.'),
      reason,
    })
    .describe('A remedy was not tried, or its cycle was aborted.'),
  z
    .strictObject({
      type: z.literal('namespaces'),
      t,
      nodes: z
        .record(z.string(), z.number().int().positive())
        .describe('The inode number of each node’s namespace, which the kernel’s log names.'),
      cycle: z
        .string()
        .optional()
        .describe('The cycle of phases that begins in this lab. Absent: the lab was opened.'),
    })
    .describe('The network namespaces of a lab’s nodes.'),
  z
    .strictObject({
      type: z.literal('kernel-log'),
      t,
      lines: z
        .array(z.string())
        .describe('Lines about this run’s nodes. Without a `namespaces` event: about any node.'),
      unattributed: z
        .array(z.string())
        .optional()
        .describe('Lines that name no namespace: possibly another run’s.'),
      unreadable: z.string().optional().describe('Why the log could not be read.'),
      since: z
        .number()
        .nonnegative()
        .optional()
        .describe('When the run began by the clock of these lines, s since boot. Absent: not recorded.'),
    })
    .describe('The lines about conntrack in the kernel’s log during the run.'),
  z
    .strictObject({
      type: z.literal('restore'),
      t,
      status: z.enum(['complete', 'incomplete']).describe('Whether everything was restored.'),
      left: z.array(z.string()).describe('What was not restored, a line each.'),
    })
    .describe('What was restored at the end of the run.'),
  z
    .strictObject({
      type: z.literal('end'),
      t,
      status: z.enum(['completed', 'interrupted', 'aborted']).describe('How the run ended.'),
      reason,
    })
    .describe('The last line of a history.'),
]);

export type HistoryEvent = z.infer<typeof eventSchema>;
/** An event without its time. */
export type Untimed = HistoryEvent extends infer E ? (E extends HistoryEvent ? Omit<E, 't'> : never) : never;
export type EventOf<T extends HistoryEvent['type']> = Extract<HistoryEvent, { type: T }>;
/** The events of one run, oldest first. */
export type History = readonly HistoryEvent[];
