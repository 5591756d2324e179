import { z } from 'zod';
import { protocolSchema } from './protocol.ts';

/** A run's folder has it in its name. */
export const scenarioNameSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'a name is lower case letters, digits and dashes');

/** A scenario without parameters as a YAML file holds it: a protocol with a name. */
export const scenarioFileSchema = z
  .strictObject({
    name: scenarioNameSchema.describe('What the scenario is called; its runs have this name.'),
    summary: z.string().min(1).describe('What it shows, in a line.'),
    ...protocolSchema.shape,
  })
  .meta({ title: 'A tablefull scenario' });

/** Its JSON Schema, for editors; schemas/scenario.schema.json is a copy of it. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(scenarioFileSchema, { target: 'draft-2020-12', io: 'input' }) };
}
