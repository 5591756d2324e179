import { z } from 'zod';
import { restoredSchema } from './restored.ts';
import { outcomeSchema } from './outcome.ts';
import { resultSchema as resultKind } from './result.ts';
import { figuresSchema } from './verdict.ts';

/** One thing that must hold in a run. */
const resultSchema = z.strictObject({
  name: z
    .string()
    .describe('What must hold: `symptom is reproduced`, `keepalive is cured`, `fault: drop.delta > 0`.'),
  about: z.string().describe('`symptom`, a remedy’s name, or the phase of an expectation.'),
  status: z.string().describe('What was found: a status, or `met`, `not-met` of an expectation.'),
  expected: z.string().describe('The status that was expected.'),
  result: resultKind.describe('Whether it holds. A skipped result fails nothing.'),
  reason: z.string().describe('Why, in a sentence.'),
  figures: figuresSchema,
});
export type Result = z.infer<typeof resultSchema>;

const suiteRunResultSchema = z.strictObject({
  name: z.string().describe('The run’s name in the suite.'),
  scenario: z.string().describe('The scenario’s name.'),
  lab: z.string().describe('The lab: `netns` or `kind`.'),
  line: z.number().int().positive().describe('The line of the suite file where the run begins.'),
  run: z.string().nullable().describe('The run’s folder, relative to the suite’s; null: it did not start.'),
  attempts: z
    .number()
    .int()
    .nonnegative()
    .describe('How often it was run: more than once where it was inconclusive.'),
  seconds: z.number().describe('How long the last attempt took, in seconds.'),
  pace: z
    .number()
    .positive()
    .optional()
    .describe('How many times as long as the scenario says the demand took. Absent: not measured.'),
  results: z
    .array(
      resultSchema.extend({
        line: z.number().int().positive().describe('Its line in the suite file.'),
        seconds: z
          .number()
          .optional()
          .describe('How long the phases of the symptom or the remedy took, in seconds.'),
      }),
    )
    .describe('The symptom, the remedies and the expectations, in this order.'),
  loss: z
    .string()
    .describe('The figure that is the share of the demand that failed, 0 to 1; remedies are judged by it.'),
  outcome: outcomeSchema.describe('The result of the run.'),
});
export type SuiteRunResult = z.infer<typeof suiteRunResultSchema>;

export const suiteSchema = z
  .strictObject({
    schema: z.literal('tablefull/suite/v1').describe('The version of this format.'),
    file: z.string().describe('The suite file.'),
    script: z
      .string()
      .optional()
      .describe(
        'The npm script that the suite was started by: `scenario`, `tablefull`, or `npx`; with ` --prefix FOLDER` if npm was called outside of the package. Absent: by none.',
      ),
    kernel: z.string().describe('The kernel’s release.'),
    privileged: z.boolean().describe('The runs could change machine-wide settings.'),
    versions: z.record(z.string(), z.string()).describe('The versions of the programs that took part.'),
    seed: z.number().int().describe('The seed of the random choices.'),
    startedAt: z.string().describe('When it began, ISO 8601.'),
    seconds: z.number().describe('How long it took, in seconds.'),
    runs: z.array(suiteRunResultSchema).describe('The runs, in the order of the suite file.'),
    restore: restoredSchema,
    outcome: outcomeSchema.describe('The result of the suite: that of its worst run.'),
    exitCode: z
      .number()
      .int()
      .describe('The exit code of the command: the outcome’s, unless `--inconclusive` said otherwise.'),
  })
  .meta({ title: 'The results of a tablefull suite' });
export type Suite = z.infer<typeof suiteSchema>;
