import { z } from 'zod';
import { figureNameSchema } from './figure-name.ts';
import { squeezeReportSchema } from './history.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';
import { outcomeSchema } from './outcome.ts';

/** Figures by name (`requests.failed.rate`, `drop.delta`, …); units in docs/reference/figures.md. */
export const figuresSchema = z.record(figureNameSchema, z.number());
export type Figures = z.infer<typeof figuresSchema>;

export const remedyVerdictSchema = z.strictObject({
  name: z.string(),
  status: z.enum(REMEDY_STATUSES),
  expected: z.enum(REMEDY_STATUSES),
  /** Applied to the table as it was; `status` is on a table refilled with the remedy in place. Skipped in a brief run. */
  inFlight: z.enum(REMEDY_STATUSES),
  /** The lab could not apply the thing itself and did something that has its effect. */
  emulated: z.boolean(),
  reason: z.string(),
  figures: figuresSchema,
});

/** One of the scenario's expectations, and whether it was met. */
export const expectationVerdictSchema = z.strictObject({
  /** `baseline`, `fault`, or the remedy on whose refilled table. */
  phase: z.string(),
  expectation: z.string(),
  status: z.enum(['met', 'not-met', 'inconclusive', 'skipped']),
  reason: z.string(),
  /** Those that it speaks of. */
  figures: figuresSchema,
});

export const verdictSchema = z
  .strictObject({
    schema: z.literal('tablefull/verdict/v1'),
    scenario: z.string(),
    lab: z.string(),
    kernel: z.string(),
    squeeze: squeezeReportSchema,
    symptom: z.strictObject({
      status: z.enum(SYMPTOM_STATUSES),
      expected: z.enum(SYMPTOM_STATUSES),
      reason: z.string(),
      figures: figuresSchema,
    }),
    remedies: z.array(remedyVerdictSchema),
    /** Absent where the scenario states none. */
    expectations: z.array(expectationVerdictSchema).optional(),
    /** Which of the kernel's times were shortened, and by what factor. */
    compressed: z.string().optional(),
    /** `unknown`: the run was killed before it could say. */
    restore: z.strictObject({
      status: z.enum(['complete', 'incomplete', 'unknown']),
      left: z.array(z.string()),
    }),
    /** The headline, the exit code that belongs to it, and why in one sentence. */
    outcome: outcomeSchema,
    /** Every status is the expected one, and every expectation met. */
    asExpected: z.boolean(),
    /** The demand took at most so many times as long as the scenario says; absent where it was not measured. */
    pace: z.number().positive().optional(),
    /** The run's folder. */
    run: z.string(),
    seconds: z.number(),
  })
  .meta({ title: 'The verdict of one tablefull run' });

export type RemedyVerdict = z.infer<typeof remedyVerdictSchema>;
export type ExpectationVerdict = z.infer<typeof expectationVerdictSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
