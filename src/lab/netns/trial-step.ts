import { z } from 'zod';

/** What the trial says of one step; `own-limit`: may a namespace have a maximum of its own? */
export const trialStepSchema = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  why: z.string().optional(),
});
export type TrialStep = z.infer<typeof trialStepSchema>;
