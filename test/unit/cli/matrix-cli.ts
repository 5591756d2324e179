import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../../../src/scenario/define.ts';
import { cellName, matrixSchema, type Cell, type Matrix } from '../../../src/schema/matrix.ts';
import { fakeLab, TOY, type Cli, type Mishap } from './cli.ts';

/** Two scenarios of the same story. */
export const TOYS: readonly Scenario[] = [TOY, { ...TOY, name: 'other' }];

/** A lab that several of may stand side by side. */
export const lab = (mishap?: Mishap, deeds?: string[]) => ({ ...fakeLab(mishap, deeds), atOnce: () => 2 });

export async function matrix(tablefull: Cli, ...words: readonly string[]) {
  const out = join(tablefull.folder, 'm');
  const result = await tablefull.run('matrix', '--quick', '--seed', '5', '--out', out, ...words);
  return { ...result, out, document: read(out) };
}

export function read(folder: string): Matrix {
  return matrixSchema.parse(JSON.parse(readFileSync(join(folder, 'matrix.json'), 'utf8')));
}

export const statuses = (cells: readonly Cell[]): Record<string, string> =>
  Object.fromEntries(cells.map((cell) => [cellName(cell), cell.status]));
