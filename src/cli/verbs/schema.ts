import {
  comparisonJsonSchema,
  matrixJsonSchema,
  suiteFileJsonSchema,
  suiteJsonSchema,
  verdictJsonSchema,
} from '../../schema/json-schema.ts';
import { scenarioFileJsonSchema } from '../../schema/scenario-file.ts';
import { EXIT } from '../exit-codes.ts';
import type { SchemaName } from '../schema-names.ts';
import { printJson, type Io } from '../verb-context.ts';

const SCHEMAS: Readonly<Record<SchemaName, () => unknown>> = {
  verdict: verdictJsonSchema,
  scenario: scenarioFileJsonSchema,
  suite: suiteJsonSchema,
  'suite-file': suiteFileJsonSchema,
  comparison: comparisonJsonSchema,
  matrix: matrixJsonSchema,
};

/** `schema [WHAT]`: prints a JSON Schema. */
export function schemaVerb(name: SchemaName, context: Io): number {
  printJson(context, SCHEMAS[name]());
  return EXIT.ok;
}
