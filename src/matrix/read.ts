import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { matrixSchema, type Matrix } from '../schema/matrix.ts';
import { explain } from '../util/error-text.ts';

export const MATRIX_FILE = 'matrix.json';

/** Reads a matrix. @param path its folder, or the file @throws Error in one line naming the file and the problem */
export async function readMatrix(path: string): Promise<Matrix> {
  const there = await stat(path).catch(() => undefined);
  const file = there?.isDirectory() === true ? join(path, MATRIX_FILE) : path;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`can't read ${file}: ${explain(error)}; name the folder of a matrix`, { cause: error });
  });
  const parsed = matrixSchema.safeParse(parse(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = ['matrix', ...(issue?.path ?? [])].join('.');
  throw new Error(`${file}: ${place}: ${issue?.message ?? 'is not a matrix'}`);
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file}: this is not JSON`);
  }
}
