import { z } from 'zod';
import { SQUEEZES } from '../change/squeezes.ts';
import { expectationSchema, REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';

/** Where and how runs are carried out; each run may differ from the suite. */
const settings = {
  lab: z
    .string()
    .optional()
    .describe('The lab: `netns` or `kind`. Absent: the suite’s, else that of `--lab` and TABLEFULL_LAB.'),
  reuse: z
    .string()
    .optional()
    .describe(
      'With the kind lab, a cluster that `tablefull lab up` created. Absent: a new one for each run.',
    ),
  squeeze: z
    .enum(SQUEEZES)
    .optional()
    .describe('How free entries are taken away from the table. Absent: the lab’s default.'),
  singlePass: z
    .boolean()
    .optional()
    .describe('Try remedies on a fresh table only, which is faster. `false`: on the full table as well.'),
};

const suiteRunSchema = z.strictObject({
  scenario: z
    .string()
    .min(1)
    .describe('The scenario: its name, or the path of a scenario file, relative to this file.'),
  name: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('What the run is called in results. Absent: the scenario with its parameters.'),
  params: z
    .record(z.string(), z.string())
    .prefault({})
    .describe('Parameters of the scenario, by name. Those not given have its defaults.'),
  control: z
    .boolean()
    .prefault(false)
    .describe('Everything but the fault: the symptom must not occur, and no remedy is tried.'),
  symptom: z
    .enum(SYMPTOM_STATUSES)
    .optional()
    .describe('The status that the symptom must have. Absent: the scenario’s.'),
  remedies: z
    .record(z.string(), z.enum(REMEDY_STATUSES))
    .optional()
    .describe(
      'The remedies to try, and the status that each must have. A remedy is anything that `--remedy` takes; a path is relative to this file. Absent: the scenario’s remedies and statuses. `{}`: none.',
    ),
  thresholds: z
    .record(z.string(), z.array(expectationSchema).min(1))
    .prefault({})
    .describe(
      'What must hold beside the scenario’s own expectations, by phase: `baseline`, `fault`, or a remedy for its fresh table. Expectations over figures, in k6’s grammar.',
    ),
  ...settings,
});
export type SuiteRun = z.infer<typeof suiteRunSchema>;

/** A suite file in YAML: what must hold. */
export const suiteFileSchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format.'),
    ...settings,
    runs: z.array(suiteRunSchema).min(1).max(200).describe('The runs, each with what must hold of it.'),
  })
  .meta({ title: 'A tablefull suite: what must hold' });
export type SuiteFile = z.infer<typeof suiteFileSchema>;
