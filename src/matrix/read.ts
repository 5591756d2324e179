import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { matrixSchema, type Matrix } from '../schema/matrix.ts';
import { explain } from '../util/error-text.ts';
import { jsonOf, parsedFile } from '../util/read-json.ts';

export const MATRIX_FILE = 'matrix.json';

/** Reads a matrix. @param path its folder, or the file @throws Error in one line naming the file and the problem */
export async function readMatrix(path: string): Promise<Matrix> {
  const there = await stat(path).catch(() => undefined);
  const file = there?.isDirectory() === true ? join(path, MATRIX_FILE) : path;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`can't read ${file}: ${explain(error)}; name the folder of a matrix`, { cause: error });
  });
  return parsedFile(file, matrixSchema, jsonOf(text, file), 'matrix');
}
