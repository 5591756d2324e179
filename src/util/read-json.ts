import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { explain } from './error-text.ts';

/** A JSON file of a known format. @throws Error in one line naming the file, the place and the problem */
export function readJson<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file}: ${explain(error)}`, { cause: error });
  }
  return parsedFile(file, schema, jsonOf(text, file));
}

/** @param file names the text @throws Error in one line */
export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: this is not JSON`, { cause: error });
  }
}

/**
 * A file's value by its schema.
 *
 * @param whole the place of the value itself: `matrix`
 * @throws Error in one line naming the file, the place and the problem
 */
export function parsedFile<S extends z.ZodType>(
  file: string,
  schema: S,
  value: unknown,
  ...whole: readonly string[]
): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [...whole, ...(issue?.path ?? [])].join('.');
  throw new Error(`${file}: ${place}: ${issue?.message ?? 'is of another format'}`);
}
