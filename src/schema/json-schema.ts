import { z } from 'zod';
import { verdictSchema } from './verdict.ts';
import { matrixSchema } from './matrix.ts';

/** The JSON Schema of what `--json` prints; schemas/verdict.schema.json is a copy of it. */
export function verdictJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(verdictSchema, { target: 'draft-2020-12' }) };
}

/** The JSON Schema of what `matrix --json` prints; schemas/matrix.schema.json is a copy of it. */
export function matrixJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(matrixSchema, { target: 'draft-2020-12' }) };
}
