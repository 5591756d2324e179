import { z } from 'zod';
import { partial } from './partial-json-schema.ts';
import { protocolSchema } from './protocol.ts';

/** Run folders contain the name. */
export const scenarioNameSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower case letters, digits and dashes');

const name = scenarioNameSchema.describe('What the scenario is called; its runs have this name.');
const summary = z.string().min(1).describe('What it shows, in a line.');

/** A scenario file in YAML: a protocol with a name, without parameters. */
export const scenarioFileSchema = z
  .strictObject({ name, summary, ...protocolSchema.shape })
  .meta({ title: 'A tablefull scenario' });

const ownKeys = {
  name,
  summary: summary.optional().describe('What it shows, in a line. Absent: as the scenario that it extends.'),
  extends: z.string().describe('The scenario whose protocol it changes, by its name: `saturate`.'),
  params: z
    .record(z.string(), z.string())
    .prefault({})
    .describe('Parameters of the extended scenario, by name. Those not given have its defaults.'),
};

const anything = z.unknown().optional();

/**
 * A scenario file that changes another scenario. Its other keys are the protocol’s: they are merged
 * (scenario/merge.ts), and the result is checked as a whole.
 */
export const extensionSchema = z.strictObject({
  ...ownKeys,
  ...(Object.fromEntries(Object.keys(protocolSchema.shape).map((key) => [key, anything])) as Record<
    keyof typeof protocolSchema.shape,
    typeof anything
  >),
});

export function scenarioJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(scenarioFileSchema, { target: 'draft-2020-12', io: 'input' }) };
}

/** The JSON Schema of the keys that only an extension has. */
export function extensionKeysJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(z.strictObject(ownKeys), { target: 'draft-2020-12', io: 'input' }) };
}

/** The JSON Schema for editors, of both kinds of file; schemas/scenario.schema.json is a copy. */
export function scenarioFileJsonSchema(): Record<string, unknown> {
  const { $schema, $defs, title, ...scenario } = scenarioJsonSchema();
  const own = extensionKeysJsonSchema();
  const extension = partial(scenario, $defs as object);
  return {
    $schema,
    title,
    if: { required: ['extends'] },
    then: {
      ...extension.schema,
      properties: { ...(extension.schema.properties as object), ...(own.properties as object) },
      required: own.required,
    },
    else: scenario,
    $defs: { ...($defs as object), ...extension.$defs },
  };
}
