import { z } from 'zod';
import { verdictSchema } from '../judge/verdict.ts';

/** The JSON Schema of what `--json` prints; schemas/verdict.schema.json is a copy of it. */
export function verdictJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(verdictSchema, { target: 'draft-2020-12' }) };
}
