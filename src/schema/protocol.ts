import { z } from 'zod';
import { moment } from '../util/bounds.ts';
import { changeSchema, immediateSchema } from '../change/index.ts';
import { formatExpectation, GRAMMAR, parseExpectation, READS } from './expectation.ts';
import { figureNameSchema } from './figure-name.ts';
import type { K6 } from './k6-load.ts';
import { keepaliveSchema, loadSchema, type Load } from './load.ts';
import { ownRemedySchema, remedyNameSchema } from './own-remedy.ts';
import { REMEDY_STATUSES } from './statuses.ts';
import { topologySchema } from './topology.ts';

export const SYMPTOM_STATUSES = ['reproduced', 'not-reproduced', 'inconclusive', 'skipped'] as const;
export { REMEDY_STATUSES, type RemedyStatus } from './statuses.ts';

/** An expectation over the figures of a phase: `requests.failed.rate > 0.2`. Read in any spelling, and canonical from then on. */
export const expectationSchema = z
  .string()
  .max(200)
  .regex(GRAMMAR, READS)
  .overwrite((text) => (GRAMMAR.test(text) ? formatExpectation(parseExpectation(text)) : text));

/** A scenario with its parameters filled in: all that a run does and all that the judge needs, as data. */
export const protocolSchema = z.strictObject({
  topology: topologySchema,
  /** The node whose table is under test: figures without a node's name are its own. */
  node: z.string(),
  /** What every node is set to from the start, beside what every lab's nodes are: `net.netfilter.nf_conntrack_…`. */
  sysctls: z.record(z.string().regex(/^[a-z0-9_.-]+$/i), z.number().int()).default({}),
  /** Made before anything is looked at, and undone in the end: what would be in the way of the fault. */
  prepare: z.array(immediateSchema).default([]),
  /** Offered once a phase, the same each time. */
  demand: loadSchema,
  /** Offered beside the demand in every phase, the same each time; its figures have its name: `noise.offered`. */
  background: z.record(z.string().regex(/^[a-z][a-z-]*$/), loadSchema).default({}),
  /** Whose application a remedy for applications changes: the demand's, or that of a background load. */
  client: z.string().default('demand'),
  /** Made in every phase, the baseline included, so many seconds after it began; undone when it is over. */
  events: z.array(z.strictObject({ at: moment, change: immediateSchema })).default([]),
  /** Held from before the fault to the end. */
  canaries: keepaliveSchema.optional(),
  fault: changeSchema,
  symptom: z.strictObject({
    expected: z.enum(SYMPTOM_STATUSES),
    /** All must hold of the fault's phase, and not all of the baseline's. */
    when: z.array(expectationSchema).min(1),
    /**
     * What a `not-reproduced` rests on: these hold of the fault's phase, or nothing was put to the test and the
     * verdict is inconclusive.
     */
    provenBy: z.array(expectationSchema).default([]),
    /** The figure that says how badly the demand was missed, 0 to 1; a remedy is judged by it. */
    unmet: figureNameSchema,
    /** Said with the verdict where it is `not-reproduced`: which counter proves the kernel's own cure. */
    finding: z.string().optional(),
  }),
  /**
   * What else is expected, by the phase that it is expected of: `baseline`, `fault`, or a remedy's name for the phase
   * on the table refilled with it. Each is said with the verdict, and counts in it.
   */
  expectations: z.record(z.string(), z.array(expectationSchema).min(1)).default({}),
  /** The same figures are shown with every verdict, in this order. */
  show: z.array(figureNameSchema),
  /** Read from the entries themselves when a phase is over, which costs a walk through the table; or from kube-proxy. */
  inspect: z.array(z.enum(['states', 'pods', 'culprit', 'procfs', 'kube-proxy'])).default([]),
  /** The kernel's garbage collector may make room in the full table: it is what is looked for, and spoils nothing. */
  relief: z.boolean().default(false),
  /** Why this can't be shown here, and the mend: nothing is run. */
  skip: z.string().optional(),
  /** Which of the kernel's times were shortened, and by what factor; said with every verdict that rests on it. */
  compressed: z.string().optional(),
  /** What a reader of the verdict has to know of this run: what was shortened, for one. */
  note: z.string().optional(),
  /** How long an entry of this demand stays in the table, in seconds: for rate × lifetime. */
  lifetime: z.number().positive().optional(),
  /** The timeout that `lifetime` comes from: a remedy that sets it changes the lifetime. */
  lifetimeSysctl: z
    .string()
    .regex(/^net\.netfilter\.nf_conntrack_[a-z_]*timeout[a-z_]*$/, 'a timeout: net.netfilter.nf_conntrack_…')
    .optional(),
  /** The demand is one burst and does not go on: what meets it is cured, whatever rate × lifetime would come to. */
  burst: z.boolean().default(false),
  /** Remedies that come with tablefull, and what is expected of each. */
  remedies: z.record(z.string(), z.enum(REMEDY_STATUSES)),
  /** Remedies of the scenario's own. */
  ownRemedies: z.record(remedyNameSchema, ownRemedySchema).default({}),
});

export type Protocol = z.infer<typeof protocolSchema>;

/** The node under test, and those whose tables are squeezed alike. */
export function squeezedNodes({ node, fault }: Pick<Protocol, 'node' | 'fault'>): readonly string[] {
  return [node, ...(fault.kind === 'squeeze' ? (fault.alike ?? []) : [])];
}

/** The loads of a protocol that are k6 scripts, and where they stand in it. */
export function k6Loads({ demand, background }: Protocol): readonly (readonly [place: string, load: K6])[] {
  const all: readonly (readonly [string, Load])[] = [
    ['demand', demand],
    ...Object.entries(background).map(([name, load]) => [`background.${name}`, load] as const),
  ];
  return all.flatMap(([place, load]) => (load.kind === 'k6' ? [[place, load] as const] : []));
}
