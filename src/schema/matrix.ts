import { z } from 'zod';
import { outcomeSchema } from './outcome.ts';
import { figuresSchema } from './verdict.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';
import { SQUEEZES } from '../change/squeezes.ts';

/** The two columns that are no remedies: the fault alone, and everything but the fault. */
export const SYMPTOM = 'symptom';
export const CONTROL = 'control';

/** Of a remedy, and of the two columns that are none. */
export const CELL_STATUSES = [...new Set([...SYMPTOM_STATUSES, ...REMEDY_STATUSES])] as const;
const statusSchema = z.enum(CELL_STATUSES);
export type CellStatus = z.infer<typeof statusSchema>;

export const cellSchema = z.strictObject({
  scenario: z.string(),
  /** The parameters of this row that are not the scenario's defaults. */
  params: z.record(z.string(), z.string()),
  /** `symptom`, `control`, or a remedy’s name. */
  remedy: z.string(),
  status: statusSchema,
  expected: statusSchema,
  /** The lab could not apply the thing itself and did something that has its effect. */
  emulated: z.boolean(),
  /** Which of the kernel’s times were shortened, and by what factor; null where none was. */
  compressed: z.string().nullable(),
  reason: z.string(),
  figures: figuresSchema,
  /** The run’s folder, seen from the matrix’ own; null where the cell was decided and nothing run. */
  run: z.string().nullable(),
});
export type Cell = z.infer<typeof cellSchema>;

/** What a matrix was asked for; a resumed one is asked for the same. */
const askedSchema = z.strictObject({
  lab: z.string(),
  /** The kept cluster that its runs took. */
  reuse: z.string().optional(),
  squeeze: z.enum(SQUEEZES),
  quick: z.boolean(),
  only: z.array(z.string()),
  seed: z.number().int(),
});
export type Asked = z.infer<typeof askedSchema>;

export const matrixSchema = z
  .strictObject({
    schema: z.literal('tablefull/matrix/v1'),
    kernel: z.string(),
    privileged: z.boolean(),
    versions: z.record(z.string(), z.string()),
    asked: askedSchema,
    startedAt: z.string(),
    seconds: z.number(),
    /** How many cells there are to be; fewer in `cells`: it was broken off. */
    planned: z.number().int().nonnegative(),
    restore: z.strictObject({ status: z.enum(['complete', 'incomplete']), left: z.array(z.string()) }),
    cells: z.array(cellSchema),
    /** Absent while runs are under way, and in matrices of earlier versions. */
    outcome: outcomeSchema.optional(),
  })
  .meta({ title: 'A tablefull matrix: which remedy cures which symptom' });
export type Matrix = z.infer<typeof matrixSchema>;

/** What a row is called: `boom segment=below`. */
export function rowName({ scenario, params }: Pick<Cell, 'scenario' | 'params'>): string {
  return [scenario, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** What a cell is called: `boom segment=below × be-liberal`. */
export function cellName(cell: Pick<Cell, 'scenario' | 'params' | 'remedy'>): string {
  return `${rowName(cell)} × ${cell.remedy}`;
}

/** A cell that could not be tried fails nothing; one that nothing was learnt of is never as expected. */
export function isAsExpected({ status, expected }: Pick<Cell, 'status' | 'expected'>): boolean {
  return status === 'skipped' || (status === expected && status !== 'inconclusive');
}
