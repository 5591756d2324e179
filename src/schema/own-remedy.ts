import { z } from 'zod';
import { changeSchema } from '../change/index.ts';
import { REMEDY_STATUSES } from './statuses.ts';

export const remedyNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a remedy’s name is lower case letters, digits and dashes');

/** A remedy that a scenario brings along. Each of its changes has an undo: the lab's own, or a command's. */
export const ownRemedySchema = z.strictObject({
  summary: z.string().min(1),
  expected: z.enum(REMEDY_STATUSES),
  /** Applied in this order, undone in reverse. */
  changes: z.array(changeSchema).min(1),
});

export type OwnRemedy = z.infer<typeof ownRemedySchema>;
