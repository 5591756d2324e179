import { verdictJsonSchema } from '../../report/schema.ts';
import { scenarioJsonSchema } from '../../scenario/scenario-file.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson, type World } from '../world.ts';

const SCHEMAS = { verdict: verdictJsonSchema, scenario: scenarioJsonSchema } as const;
export type SchemaName = keyof typeof SCHEMAS;
export const SCHEMA_NAMES = Object.keys(SCHEMAS);

/** `schema [verdict|scenario]`: a JSON Schema. */
export function schemaVerb(name: SchemaName, world: World): number {
  printJson(world, SCHEMAS[name]());
  return EXIT.ok;
}
