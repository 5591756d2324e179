import { z } from 'zod';

/** The trial's report of one step. `own-limit`: whether a namespace can have its own maximum. */
export const trialStepSchema = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  why: z.string().optional(),
});
export type TrialStep = z.infer<typeof trialStepSchema>;
