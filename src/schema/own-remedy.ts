import { z } from 'zod';
import { changeSchema } from '../change/index.ts';
import { REMEDY_STATUSES } from './statuses.ts';

export const remedyNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case letters, digits and dashes');

/** Half a line why: beside a name and two statuses, this fits a terminal of 80 columns. */
export const WHY_LENGTH = 40;
export const halfLineSchema = z.string().min(1).max(WHY_LENGTH);

/** A remedy defined in a scenario. Every change has an undo: the lab's, or a command's. */
export const ownRemedySchema = z.strictObject({
  summary: z.string().min(1).describe('What it does, in a line.'),
  expected: z.enum(REMEDY_STATUSES).describe('The status that is expected of it.'),
  changes: z.array(changeSchema).min(1).describe('Its changes, applied in this order and undone in reverse.'),
});

export type OwnRemedy = z.infer<typeof ownRemedySchema>;
