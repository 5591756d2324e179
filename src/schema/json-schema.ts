import { z } from 'zod';
import { verdictSchema } from './verdict.ts';
import { matrixSchema } from './matrix.ts';

/** The JSON Schema of `--json`; schemas/verdict.schema.json is a copy. */
export function verdictJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(verdictSchema, { target: 'draft-2020-12' }) };
}

/** The JSON Schema of `matrix --json`; schemas/matrix.schema.json is a copy. */
export function matrixJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(matrixSchema, { target: 'draft-2020-12' }) };
}
