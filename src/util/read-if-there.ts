import { readdirSync, readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A file's text; undefined where it is missing, or this kernel, container or user can't read it. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The names in a folder; none where it is missing or can't be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A JSON file; undefined where it is missing, damaged or of another format. */
export function jsonIfThere<S extends z.ZodType>(file: string, schema: S): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
