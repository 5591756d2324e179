import { z } from 'zod';
import type { Value } from '../change/done.ts';
import { changeSchema } from '../change/index.ts';
import { CONNTRACK_COUNTERS } from '../kernel/counter-names.ts';
import { suggestion } from '../util/nearest.ts';
import { protocolSchema, REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';
import { SQUEEZES } from '../change/squeezes.ts';

/** Where in a run something was seen. `cycle` is `symptom` or a remedy's name. */
export const phaseSchema = z.strictObject({
  cycle: z.string(),
  stage: z.enum(['baseline', 'fault', 'seen-again', 'in-flight', 'refilled']),
});
export type Phase = z.infer<typeof phaseSchema>;
export type Stage = Phase['stage'];

/** What this machine makes of a phase; 1 and 0 where it keeps up. */
export const conditionsSchema = z.strictObject({
  /** The demand is spread over so many times the scenario's time. */
  pace: z.number().positive(),
  /** Added to the time limits of clients, ms: what the machine takes by itself. */
  slack: z.number().nonnegative(),
});
export type Conditions = z.infer<typeof conditionsSchema>;

export { CONNTRACK_COUNTERS, type ConntrackCounter } from '../kernel/counter-names.ts';
const counters = z.record(z.enum(CONNTRACK_COUNTERS), z.number().int().nonnegative());

export const squeezeReportSchema = z.strictObject({
  kind: z.enum(SQUEEZES),
  /** What was asked for and what the kernel gave, read back; numbers by the kernel's names, and `free`. */
  asked: z.record(z.string(), z.number()),
  got: z.record(z.string(), z.number()),
});
export type SqueezeReport = z.infer<typeof squeezeReportSchema>;

/** Milliseconds since the run began, by the machine's monotonic clock. */
const t = z.number().nonnegative();

/** The first line of a history: what ran, where, with what. */
export const runHeaderSchema = z.strictObject({
  type: z.literal('run'),
  t,
  schema: z.literal('tablefull/history/v1'),
  scenario: z.string(),
  params: z.record(z.string(), z.string()),
  protocol: protocolSchema,
  control: z.boolean(),
  /** Each remedy on a refilled table only, and the fault seen again once, after the last of them. */
  brief: z.boolean().default(false),
  remedies: z.array(z.string()),
  expect: z.record(z.string(), z.string()).superRefine((expect, context) => {
    for (const [name, status] of Object.entries(expect)) {
      const statuses: readonly string[] = name === 'symptom' ? SYMPTOM_STATUSES : REMEDY_STATUSES;
      if (!statuses.includes(status))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `is ${JSON.stringify(status)}; ${suggestion(status, statuses)}`,
        });
    }
  }),
  lab: z.string(),
  squeeze: z.enum(SQUEEZES),
  privileged: z.boolean(),
  kernel: z.string(),
  seed: z.number().int(),
  startedAt: z.string(),
  argv: z.array(z.string()),
  /** The npm script it was started by, where it was: `scenario` or `tablefull`. */
  script: z.string().optional(),
  versions: z.record(z.string(), z.string()),
});
export type RunHeader = z.infer<typeof runHeaderSchema>;

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
  /** What the machine was measured to do before the first phase, and the pace of the run that follows from it. */
  z.strictObject({
    type: z.literal('pace'),
    t,
    /** How many times as long as the scenario says the demand takes: 1 where the machine keeps up. */
    pace: z.number().positive(),
    /** Operations a second that the demand asks for at its busiest; in LOAD_UNITS. */
    wanted: z.number().nonnegative(),
    /** Operations a second that the machine did; absent where they were not measured. */
    capacity: z.number().nonnegative().optional(),
    /** Why the run goes slower than before; absent at its beginning. */
    reason: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('phase'),
    t,
    phase: phaseSchema,
    edge: z.enum(['start', 'end']),
    /** Of the start: how many times as long as the scenario says the demand takes. */
    pace: z.number().positive().optional(),
  }),
  /** Every 100 ms or finer, of every node. `counters` counts from the node's birth. */
  z.strictObject({
    type: z.literal('sample'),
    t,
    phase: phaseSchema,
    node: z.string(),
    entries: z.number().int(),
    limit: z.number().int(),
    buckets: z.number().int(),
    counters,
  }),
  /**
   * What became of the requests, look-ups or connections that ended since the last such event.
   * `due`: when each was due, ms since the phase began; `latency`: ms from then to its end; same order.
   * `outcome` is `ok` or the failure in the client's own words: `(28) Connection timed out`.
   */
  z.strictObject({
    type: z.literal('outcomes'),
    t,
    phase: phaseSchema,
    /** What the demand counts (LOAD_UNITS), or a background load's name. */
    unit: z.string(),
    /** Of whose pods, where the load runs on several nodes. */
    node: z.string().optional(),
    outcome: z.string(),
    due: z.array(z.number()),
    latency: z.array(z.number()),
    /** SYNs that the kernel sent again for each, in the same order; absent where it was not asked (TCP_INFO). */
    resent: z.array(z.number().int().nonnegative()).optional(),
  }),
  /** How many were due in the phase, and by how much the generator itself was late in starting them, ms. */
  z.strictObject({
    type: z.literal('offered'),
    t,
    phase: phaseSchema,
    unit: z.string(),
    count: z.number().int().nonnegative(),
    lateP95: z.number().nonnegative(),
    /** For how long answers lay in their sockets before they were read, ms, 95th percentile; absent: not known. */
    unreadP95: z.number().nonnegative().optional(),
    /** When the first of them was due, ms since the phase began, where that is when a program was ready, and chance. */
    began: z.number().nonnegative().optional(),
    /** Why the generator could not offer what it should: `out of local ports`, …; absent where it could. */
    starved: z.string().optional(),
  }),
  /** Totals read at both edges of a phase: packets by nft counters (`packets.…`), queries at the DNS server. */
  z.strictObject({
    type: z.literal('totals'),
    t,
    phase: phaseSchema,
    edge: z.enum(['start', 'end']),
    node: z.string(),
    totals: z.record(z.string(), z.number()),
  }),
  /** A single measurement that is not a difference: `queries.perLookup.one-dot`, … */
  z.strictObject({
    type: z.literal('measured'),
    t,
    phase: phaseSchema,
    figures: z.record(z.string(), z.number()),
  }),
  /** A change applied to one node, or undone there. */
  z.strictObject({
    type: z.literal('change'),
    t,
    cycle: z.string(),
    action: z.enum(['apply', 'undo']),
    change: changeSchema,
    /** The node or pod that was changed; `lab`, `machine` or `cluster` where it was none. */
    node: z.string(),
    /** What was read before and after: of an undo, `after` is what was there at first. */
    before: valueSchema,
    after: valueSchema,
    /** The lab could not make the change itself, and did something that has its effect. */
    emulated: z.boolean(),
  }),
  /** What one node was told, a command a line, as `--dry-run` prints it. */
  z.strictObject({ type: z.literal('executed'), t, node: z.string(), lines: z.array(z.string()) }),
  /** What was seen of this phase so far proves nothing, for this reason; it is observed anew. */
  z.strictObject({ type: z.literal('repeat'), t, phase: phaseSchema, reason: z.string() }),
  z.strictObject({ type: z.literal('squeeze'), t, cycle: z.string(), report: squeezeReportSchema }),
  /** A remedy that was not tried, or a cycle that broke off, and why. */
  z.strictObject({
    type: z.literal('not-judged'),
    t,
    cycle: z.string(),
    status: z.enum(['skipped', 'inconclusive']),
    reason: z.string(),
  }),
  /** The network namespaces of a lab's nodes, by their inode numbers, which the kernel's log names. */
  z.strictObject({
    type: z.literal('namespaces'),
    t,
    nodes: z.record(z.string(), z.number().int().positive()),
  }),
  z.strictObject({
    type: z.literal('kernel-log'),
    t,
    /** About this run's own nodes; in histories without `namespaces` about anybody's. */
    lines: z.array(z.string()),
    /** Possibly another run's: they name no namespace. */
    unattributed: z.array(z.string()).optional(),
    /** Why it could not be read. */
    unreadable: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('restore'),
    t,
    status: z.enum(['complete', 'incomplete']),
    left: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('end'),
    t,
    status: z.enum(['completed', 'interrupted', 'aborted']),
    reason: z.string(),
  }),
]);

export type HistoryEvent = z.infer<typeof eventSchema>;

/** An event as it is read from disk: of older runs too, whose `change` events had sentences of all nodes together. */
export const recordedEventSchema = z.preprocess((event) => {
  const old = oldChangeSchema.safeParse(event);
  if (!old.success) return event;
  const { found, readBack, ...rest } = old.data;
  return { node: nodeOfOld(rest.change), before: valueOfOld(found), after: valueOfOld(readBack), ...rest };
}, eventSchema);

const oldChangeSchema = z.looseObject({
  type: z.literal('change'),
  change: z.looseObject({ node: z.string().optional() }),
  found: z.string(),
  readBack: z.string(),
});

function nodeOfOld({ node = 'lab' }: { readonly node?: string | undefined }): string {
  return node;
}

/** Of several nodes that had the same number, the number. */
function valueOfOld(text: string): Value {
  const values = [...new Set(text.split(' '))];
  return values.length === 1 && /^-?\d+$/.test(text.split(' ')[0] ?? '') ? Number(values[0]) : text;
}
/** An event without its time. */
export type Untimed = HistoryEvent extends infer E ? (E extends HistoryEvent ? Omit<E, 't'> : never) : never;
export type EventOf<T extends HistoryEvent['type']> = Extract<HistoryEvent, { type: T }>;
/** The history of one run, oldest first. */
export type History = readonly HistoryEvent[];
