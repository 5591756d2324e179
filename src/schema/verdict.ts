import { z } from 'zod';
import { figureNameSchema } from './figure-name.ts';
import { squeezeReportSchema } from './history.ts';
import { manifestReportSchema } from './manifest-report.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';
import { outcomeSchema } from './outcome.ts';

/** Figures by name; docs/reference/figures.md has their units. */
export const figuresSchema = z
  .record(figureNameSchema, z.number())
  .describe(
    'Figures by name: `requests.failed.rate`, `drop.delta`. docs/reference/figures.md has their units.',
  );
export type Figures = z.infer<typeof figuresSchema>;

const reason = z.string().describe('Why, in a sentence.');

/** What was too slow for a result. */
export const blamesSchema = z
  .enum(['machine', 'generator'])
  .describe(
    'Of an inconclusive result: what was too slow, the machine or the generator of the load. Absent: that is not why.',
  );
export type Blames = z.infer<typeof blamesSchema>;
const blames = blamesSchema.optional();

const stated = z
  .literal(true)
  .optional()
  .describe('The user stated what is expected: to be skipped is then a failure. Absent: the scenario did.');

const remedyVerdictSchema = z.strictObject({
  name: z.string().describe('The remedy’s name.'),
  status: z.enum(REMEDY_STATUSES).describe('Its effect on a fresh table.'),
  expected: z.enum(REMEDY_STATUSES).describe('The status that was expected.'),
  stated,
  inFlight: z
    .enum(REMEDY_STATUSES)
    .describe('Its effect on the live table, as the fault left it. Skipped in a single pass.'),
  emulated: z.boolean().describe('The lab emulated the remedy with changes that have its effect.'),
  reason,
  blames,
  why: z.string().optional().describe('Half a line: why the scenario expects this effect.'),
  figures: figuresSchema,
  manifest: manifestReportSchema
    .extend({
      effects: z
        .array(z.string())
        .readonly()
        .optional()
        .describe(
          'Read back from a cluster after the objects were applied: their rollout, and the sysctls that changed, by node.',
        ),
    })
    .optional()
    .describe('What was made of the Kubernetes manifest that the remedy is. Absent: it is none.'),
});

/** The verdict on one of the scenario's expectations. */
const expectationVerdictSchema = z.strictObject({
  phase: z.string().describe('`baseline`, `fault`, or the remedy on whose fresh table it was expected.'),
  expectation: z.string().describe('The expectation.'),
  status: z.enum(['met', 'not-met', 'inconclusive', 'skipped']).describe('Whether it was met.'),
  reason,
  blames,
  figures: figuresSchema.describe('The figures that it names.'),
});

export const verdictSchema = z
  .strictObject({
    schema: z.literal('tablefull/verdict/v1').describe('The version of this format.'),
    scenario: z.string().describe('The scenario’s name.'),
    lab: z.string().describe('The lab: `netns` or `kind`.'),
    kernel: z.string().describe('The kernel’s release.'),
    squeeze: squeezeReportSchema,
    symptom: z
      .strictObject({
        status: z.enum(SYMPTOM_STATUSES).describe('Whether the fault brought the symptom.'),
        expected: z.enum(SYMPTOM_STATUSES).describe('The status that was expected.'),
        stated,
        reason,
        blames,
        figures: figuresSchema,
      })
      .describe('The effect of the fault alone.'),
    remedies: z.array(remedyVerdictSchema).describe('The remedies, in the order in which they were tried.'),
    expectations: z
      .array(expectationVerdictSchema)
      .optional()
      .describe('The scenario’s expectations. Absent where it states none.'),
    compressed: z
      .string()
      .optional()
      .describe('The kernel’s timeouts that were shortened, and by what factor.'),
    restore: z
      .strictObject({
        status: z
          .enum(['complete', 'incomplete', 'unknown'])
          .describe('Whether everything was restored; `unknown`: the run was killed before it could say.'),
        left: z.array(z.string()).describe('What was not restored, a line each.'),
      })
      .describe('What was restored at the end of the run.'),
    outcome: outcomeSchema.describe(
      'The headline, the exit code that belongs to it, and why in one sentence.',
    ),
    asExpected: z.boolean().describe('Every status is the expected one, and every expectation was met.'),
    pace: z
      .number()
      .positive()
      .optional()
      .describe(
        'How many times as long as the scenario says the demand took, at most. Absent: not measured.',
      ),
    run: z.string().describe('The run’s folder.'),
    seconds: z.number().describe('How long the run took, in seconds.'),
  })
  .meta({ title: 'The verdict of one tablefull run' });

export type RemedyVerdict = z.infer<typeof remedyVerdictSchema>;
export type ExpectationVerdict = z.infer<typeof expectationVerdictSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
