import { z } from 'zod';

const sideSchema = z.strictObject({
  name: z.string().describe('The folder.'),
  kind: z.enum(['run', 'suite', 'matrix']).describe('What is in it.'),
  repeats: z.number().int().describe('How often it was run.'),
});

const statusChangeSchema = z.strictObject({
  about: z.string().describe('What it is about: `saturate × keepalive`.'),
  what: z
    .enum(['changed', 'unsteady', 'inconclusive'])
    .describe(
      '`changed`: the sides share no status. `unsteady`: repeats of one side differ. `inconclusive`: one side says nothing.',
    ),
  a: z.array(z.string()).describe('The statuses of the first side, each once.'),
  b: z.array(z.string()).describe('The statuses of the second side, each once.'),
});
export type StatusChange = z.infer<typeof statusChangeSchema>;

const spreadSchema = z.strictObject({
  runs: z.number().int().describe('The number of runs.'),
  mean: z.number().describe('Their mean.'),
  least: z.number().describe('The lowest of them.'),
  most: z.number().describe('The highest of them.'),
});
export type Spread = z.infer<typeof spreadSchema>;

const figureChangeSchema = z.strictObject({
  about: z.string().describe('What it is about: `saturate × keepalive`.'),
  figure: z.string().describe('The figure; docs/reference/figures.md says what it is.'),
  unit: z.string().describe('Its unit.'),
  a: spreadSchema.describe('The first side.'),
  b: spreadSchema.describe('The second side.'),
});
export type FigureChange = z.infer<typeof figureChangeSchema>;

export const comparisonSchema = z
  .strictObject({
    schema: z.literal('tablefull/comparison/v1').describe('The version of this format.'),
    a: sideSchema.describe('The first side: before.'),
    b: sideSchema.describe('The second side: after.'),
    compared: z.number().int().describe('How many results both sides have.'),
    verdicts: z.array(statusChangeSchema).describe('The verdicts that changed.'),
    unsteady: z.array(statusChangeSchema).describe('The verdicts that differ among repeats of one side.'),
    inconclusive: z.array(statusChangeSchema).describe('The verdicts that one side could not give.'),
    figures: z.array(figureChangeSchema).describe('The figures that changed by more than noise.'),
    onlyA: z.array(z.string()).describe('What only the first side has.'),
    onlyB: z.array(z.string()).describe('What only the second side has.'),
  })
  .meta({ title: 'A comparison of two tablefull runs, suites or matrices' });
export type Comparison = z.infer<typeof comparisonSchema>;
