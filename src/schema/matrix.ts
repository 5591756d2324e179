import { z } from 'zod';
import { restoredSchema } from './restored.ts';
import { outcomeSchema } from './outcome.ts';
import { blamesSchema, figuresSchema } from './verdict.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';
import { SQUEEZES } from '../change/squeezes.ts';

/** The two columns beside the remedies: the fault alone, and everything but the fault. */
export const SYMPTOM = 'symptom';
export const CONTROL = 'control';

/** The statuses of any column. */
const CELL_STATUSES = [...new Set([...SYMPTOM_STATUSES, ...REMEDY_STATUSES])] as const;
const statusSchema = z.enum(CELL_STATUSES);
export type CellStatus = z.infer<typeof statusSchema>;

const cellSchema = z.strictObject({
  scenario: z.string().describe('The scenario’s name.'),
  params: z
    .record(z.string(), z.string())
    .describe('The parameters of this row that are not the scenario’s defaults.'),
  remedy: z.string().describe('The column: `symptom`, `control`, or a remedy’s name.'),
  status: statusSchema.describe('What was found.'),
  expected: statusSchema
    .nullable()
    .describe('What was expected; null: nothing, as of a remedy of one’s own.'),
  emulated: z.boolean().describe('The lab emulated the remedy with changes that have its effect.'),
  compressed: z
    .string()
    .nullable()
    .describe('The kernel’s timeouts that were shortened, and by what factor; null: none.'),
  reason: z.string().describe('Why, in a sentence.'),
  blames: blamesSchema.optional(),
  figures: figuresSchema,
  run: z
    .string()
    .nullable()
    .describe(
      'The run’s folder, relative to the matrix’; null: the remedy is not applicable, and nothing was run.',
    ),
});
export type Cell = z.infer<typeof cellSchema>;

const askedSchema = z.strictObject({
  lab: z.string().describe('The lab: `netns` or `kind`.'),
  reuse: z.string().optional().describe('The kept cluster that all runs used. Absent: none.'),
  squeeze: z.enum(SQUEEZES).describe('How free entries were taken away from tables.'),
  quick: z.boolean().describe('Only the first row of each scenario, with the remedies that it names.'),
  only: z.array(z.string()).describe('The selected rows, columns and cells; empty: all.'),
  remedies: z
    .array(z.string())
    .optional()
    .describe('The remedies that were tried instead of all: names, paths, `sysctl:NAME=VALUE`. Absent: all.'),
  seed: z.number().int().describe('The seed of the random choices.'),
});
export type Asked = z.infer<typeof askedSchema>;

export const matrixSchema = z
  .strictObject({
    schema: z.literal('tablefull/matrix/v1').describe('The version of this format.'),
    kernel: z.string().describe('The kernel’s release.'),
    privileged: z.boolean().describe('The runs could change machine-wide settings.'),
    versions: z.record(z.string(), z.string()).describe('The versions of the programs that took part.'),
    asked: askedSchema.describe('The matrix’ options; resuming it keeps them.'),
    startedAt: z.string().describe('When it began, ISO 8601.'),
    seconds: z.number().describe('How long it took, in seconds.'),
    planned: z
      .number()
      .int()
      .nonnegative()
      .describe('The number of planned cells. Fewer in `cells`: the matrix was interrupted.'),
    restore: restoredSchema,
    cells: z.array(cellSchema).describe('All cells, row by row.'),
    outcome: outcomeSchema
      .optional()
      .describe('The result. Absent while runs are under way, and in matrices of earlier versions.'),
  })
  .meta({ title: 'A tablefull matrix: which remedy cures which symptom' });
export type Matrix = z.infer<typeof matrixSchema>;

/** The name of a row: `boom segment=below`. */
export function rowName({ scenario, params }: Pick<Cell, 'scenario' | 'params'>): string {
  return [scenario, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** The name of a cell: `boom segment=below × be-liberal`. */
export function cellName(cell: Pick<Cell, 'scenario' | 'params' | 'remedy'>): string {
  return `${rowName(cell)} × ${cell.remedy}`;
}

/** `no-effect, expected cured`. */
export function sayUnexpected({ status, expected }: Pick<Cell, 'status' | 'expected'>): string {
  return expected === null ? status : `${status}, expected ${expected}`;
}
