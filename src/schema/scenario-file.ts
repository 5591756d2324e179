import { z } from 'zod';
import { protocolSchema } from './protocol.ts';

/** Run folders contain the name. */
export const scenarioNameSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower case letters, digits and dashes');

/** A scenario file in YAML: a protocol with a name, without parameters. */
export const scenarioFileSchema = z
  .strictObject({
    name: scenarioNameSchema.describe('What the scenario is called; its runs have this name.'),
    summary: z.string().min(1).describe('What it shows, in a line.'),
    ...protocolSchema.shape,
  })
  .meta({ title: 'A tablefull scenario' });

/** The JSON Schema for editors; schemas/scenario.schema.json is a copy. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(scenarioFileSchema, { target: 'draft-2020-12', io: 'input' }) };
}
