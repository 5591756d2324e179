import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { explain } from './error-text.ts';

/** A JSON file of a known format. @throws Error in one line naming the file, the place and the problem */
export function readJson<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'this is not JSON' : explain(error);
    throw new Error(`${file}: ${why}`, { cause: error });
  }
  return parsedFile(file, schema, json);
}

/** A file's value by its schema. @throws Error in one line naming the file, the place and the problem */
export function parsedFile<S extends z.ZodType>(file: string, schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${file}: ${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'is of another format'}`);
}
