import { z } from 'zod';
import { duration } from '../util/bounds.ts';
import {
  changeSchema,
  immediateSchema,
  scheduledSchema,
  type Change,
  type ChangeOf,
} from '../change/index.ts';
import { sysctlName } from '../util/sysctl-name.ts';
import { formatExpectation, GRAMMAR, parseExpectation, READS } from './expectation.ts';
import { figureNameSchema } from './figure-name.ts';
import { symptomOfToday } from './old-names.ts';
import { loadSchema, type Load } from '../load/index.ts';
import type { K6 } from '../load/k6/schema.ts';
import { keepaliveSchema } from '../load/keepalive/schema.ts';
import { halfLineSchema, ownRemedySchema, remedyNameSchema } from './own-remedy.ts';
import { REMEDY_STATUSES } from './statuses.ts';
import { topologySchema } from './topology.ts';
import { squeezeOf } from '../change/kinds/squeeze.ts';

export const SYMPTOM_STATUSES = ['reproduced', 'not-reproduced', 'inconclusive', 'skipped'] as const;
export { REMEDY_STATUSES, type RemedyStatus } from './statuses.ts';

/** An expectation over figures: `requests.failed.rate > 0.2`. Accepts any spelling; yields the canonical one. */
export const expectationSchema = z
  .string()
  .max(200)
  .regex(GRAMMAR, READS)
  .overwrite((text) => (GRAMMAR.test(text) ? formatExpectation(parseExpectation(text)) : text));

const currentSymptomSchema = z.strictObject({
  expected: z.enum(SYMPTOM_STATUSES).describe('The status that is expected.'),
  when: z
    .array(expectationSchema)
    .min(1)
    .describe('Expectations that must all hold in the fault’s phase, and not all in the baseline.'),
  provenBy: z
    .array(expectationSchema)
    .default([])
    .describe(
      'Preconditions of `not-reproduced`: expectations that must hold in the fault’s phase, or the verdict is inconclusive.',
    ),
  loss: figureNameSchema.describe(
    'The figure that is the share of the demand that failed, 0 to 1. Remedies are judged by it.',
  ),
  spread: z
    .number()
    .min(1)
    .optional()
    .describe(
      'The factor by which `loss` may differ by chance between two phases alike. A remedy that changes it by less has no effect, and none delays it. Default: 1.',
    ),
  finding: z
    .string()
    .optional()
    .describe('Added to the verdict `not-reproduced`: which counter proves the kernel’s own cure.'),
});

const symptomSchema = z.preprocess(
  (given: z.input<typeof currentSymptomSchema>) => symptomOfToday(given),
  currentSymptomSchema,
);

/** A scenario with its parameters filled in: all that a run and the judge need, as data. */
export const protocolSchema = z.strictObject({
  topology: topologySchema.describe('The nodes, the pods on them, and the services in front of pods.'),
  node: z
    .string()
    .describe('The node whose conntrack table is under test. Figures without a node’s name are its own.'),
  sysctls: z
    .record(sysctlName, z.number().int())
    .default({})
    .describe('Sysctls of every node from the start, beside the lab’s own: `net.netfilter.nf_conntrack_…`.'),
  prepare: z
    .array(immediateSchema)
    .prefault([])
    .describe(
      'Changes applied before the first phase and undone last. They remove what would hide the fault.',
    ),
  demand: loadSchema.describe('The load that is offered in every phase, the same each time.'),
  background: z
    .record(z.string().regex(/^[a-z][a-z-]*$/), loadSchema)
    .prefault({})
    .describe('Loads beside the demand, by name. Their figures begin with that name: `noise.offered`.'),
  client: z
    .string()
    .default('demand')
    .describe('The load that client-side remedies change: `demand`, or a background load’s name.'),
  events: z
    .array(scheduledSchema)
    .prefault([])
    .describe(
      'Scheduled changes: applied in the middle of every phase, the baseline included, and undone at its end.',
    ),
  canaries: keepaliveSchema
    .optional()
    .describe('Connections that are held from before the fault to the end.'),
  fault: changeSchema.describe('The change that hurts; of any kind but `command`.'),
  aftermath: z
    .array(changeSchema)
    .prefault([])
    .describe(
      'What follows from the fault, such as new endpoints for a dead pod: applied with it, in this order.',
    ),
  symptom: symptomSchema.describe('The expected symptom, and the figure by which remedies are judged.'),
  expectations: z
    .record(z.string(), z.array(expectationSchema).min(1))
    .default({})
    .describe('Further expectations by phase: `baseline`, `fault`, or a remedy’s name for its fresh phase.'),
  show: z
    .array(figureNameSchema)
    .describe('The figures that are shown with every verdict, in this order. It may be empty.'),
  inspect: z
    .array(z.enum(['states', 'stale', 'pods', 'culprit', 'procfs', 'kube-proxy']))
    .default([])
    .describe(
      'What to read after each phase: the entries (a walk through the table), /proc, or kube-proxy’s metrics.',
    ),
  relief: z
    .boolean()
    .default(false)
    .describe('The scenario studies gc: room that gc makes in the full table does not make a phase invalid.'),
  skip: z
    .string()
    .optional()
    .describe('Why this machine can’t run the scenario, and the fix. Nothing is run.'),
  compressed: z
    .string()
    .optional()
    .describe('The kernel’s timeouts that were shortened, and by what factor. Every verdict repeats it.'),
  note: z.string().optional().describe('A remark for readers of the verdict.'),
  lifetime: duration(
    z.number().positive(),
    'seconds',
    'How long an entry of this demand stays in the table: for rate × lifetime.',
  ).optional(),
  lifetimeSysctl: z
    .string()
    .regex(/^net\.netfilter\.nf_conntrack_[a-z_]*timeout[a-z_]*$/, 'a timeout: net.netfilter.nf_conntrack_…')
    .optional()
    .describe('The timeout that `lifetime` comes from. A remedy that sets it changes the lifetime.'),
  burst: z
    .boolean()
    .default(false)
    .describe('The demand is one burst: a remedy that meets it is `cured`, never `postponed`.'),
  remedies: z
    .record(z.string(), z.enum(REMEDY_STATUSES))
    .describe(
      'Remedies that come with tablefull, by name, and the status expected of each. It may be empty.',
    ),
  ownRemedies: z
    .record(remedyNameSchema, ownRemedySchema)
    .prefault({})
    .describe('Remedies defined in the scenario, by name. Each of their changes is undone and read back.'),
  why: z
    .record(z.string(), halfLineSchema)
    .default({})
    .describe(
      'Half a line for each remedy, by name: why it has the expected effect here. Default: what holds of the remedy anywhere.',
    ),
});

export type Protocol = z.infer<typeof protocolSchema>;

/** Every change that a run of it makes, whatever the remedy. */
export function changesOf({ prepare, fault, aftermath, events }: Protocol): readonly Change[] {
  return [...prepare, fault, ...aftermath, ...events.map(({ change }) => change)];
}

/** The squeeze that is a protocol's fault; undefined where another change is. */
export function squeezeIn({ fault }: Pick<Protocol, 'fault'>): ChangeOf<'squeeze'> | undefined {
  return squeezeOf(fault);
}

/** The squeezes of a protocol, its fault's first. */
export function squeezesIn({ fault, prepare }: Protocol): readonly ChangeOf<'squeeze'>[] {
  return [fault, ...prepare].flatMap((change) => squeezeOf(change) ?? []);
}

/** The node under test, and the nodes that are squeezed alike. */
export function squeezedNodes(protocol: Pick<Protocol, 'node' | 'fault'>): readonly string[] {
  return [protocol.node, ...(squeezeIn(protocol)?.alike ?? [])];
}

/** The loads of a protocol, with their paths in it. */
export function loadsIn({ demand, background }: Protocol): readonly (readonly [place: string, load: Load])[] {
  return [
    ['demand', demand],
    ...Object.entries(background).map(([name, load]) => [`background.${name}`, load] as const),
  ];
}

/** The k6 loads of a protocol, with their paths in it. */
export function k6Loads(protocol: Protocol): readonly (readonly [place: string, load: K6])[] {
  return loadsIn(protocol).flatMap(([place, load]) => (load.kind === 'k6' ? [[place, load] as const] : []));
}
