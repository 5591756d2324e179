import { z } from 'zod';
import { comparisonSchema } from './comparison.ts';
import { matrixSchema } from './matrix.ts';
import { suiteFileSchema } from './suite-file.ts';
import { suiteSchema } from './suite.ts';
import { verdictSchema } from './verdict.ts';

type JsonSchema = Record<string, unknown>;

function published(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  return { ...z.toJSONSchema(schema, { target: 'draft-2020-12', io }) };
}

/** The JSON Schema of `--json`; schemas/verdict.schema.json is a copy. */
export const verdictJsonSchema = (): JsonSchema => published(verdictSchema);
/** The JSON Schema of `matrix --json`; schemas/matrix.schema.json is a copy. */
export const matrixJsonSchema = (): JsonSchema => published(matrixSchema);
/** The JSON Schema of `compare --json`; schemas/comparison.schema.json is a copy. */
export const comparisonJsonSchema = (): JsonSchema => published(comparisonSchema);
/** The JSON Schema of suite.json; schemas/suite.schema.json is a copy. */
export const suiteJsonSchema = (): JsonSchema => published(suiteSchema);
/** The JSON Schema of a suite file, for editors; schemas/suite-file.schema.json is a copy. */
export const suiteFileJsonSchema = (): JsonSchema => published(suiteFileSchema, 'input');
