import { z } from 'zod';
import { SQUEEZES } from '../change/squeezes.ts';
import { time } from '../load/events.ts';
import { suggestion } from '../util/nearest.ts';
import { manifestReportSchema } from './manifest-report.ts';
import { protocolSchema, REMEDY_STATUSES, SYMPTOM_STATUSES } from './protocol.ts';

export const runHeaderSchema = z
  .strictObject({
    type: z.literal('run'),
    t: time,
    schema: z.literal('tablefull/history/v1').describe('The version of this format.'),
    scenario: z.string().describe('The scenario’s name.'),
    params: z.record(z.string(), z.string()).describe('The value of each of its parameters.'),
    protocol: protocolSchema.describe('The scenario with these parameters: all that the run does.'),
    control: z.boolean().describe('The run was a control: everything but the fault.'),
    singlePass: z
      .boolean()
      .default(false)
      .describe('Each remedy was tried on a fresh table only, and the fault confirmed once, after the last.'),
    remedies: z.array(z.string()).describe('The remedies that were to be tried, in this order.'),
    expect: z
      .record(z.string(), z.string())
      .superRefine((expect, context) => {
        for (const [name, status] of Object.entries(expect)) {
          const statuses: readonly string[] = name === 'symptom' ? SYMPTOM_STATUSES : REMEDY_STATUSES;
          if (!statuses.includes(status))
            context.addIssue({
              code: 'custom',
              path: [name],
              message: `is ${JSON.stringify(status)}; ${suggestion(status, statuses)}`,
            });
        }
      })
      .describe('The status expected of the symptom and of remedies, in place of the scenario’s.'),
    manifests: z
      .record(z.string(), manifestReportSchema)
      .optional()
      .describe(
        'What was made of the remedies that are Kubernetes manifests, by name. Absent: there are none.',
      ),
    lab: z.string().describe('The lab: `netns` or `kind`.'),
    squeeze: z.enum(SQUEEZES).describe('How free entries were taken away from tables.'),
    privileged: z.boolean().describe('The run could change machine-wide settings.'),
    kernel: z.string().describe('The kernel’s release.'),
    seed: z.number().int().describe('The seed of the random choices.'),
    startedAt: z.string().describe('When the run began, ISO 8601.'),
    argv: z.array(z.string()).describe('The arguments of the command.'),
    script: z
      .string()
      .optional()
      .describe(
        'The npm script that the run was started by: `scenario`, `tablefull`, or `npx`; with ` --prefix FOLDER` if npm was called outside of the package. Absent: by none.',
      ),
    versions: z.record(z.string(), z.string()).describe('The versions of the programs that took part.'),
  })
  .describe('The first line of a history: what ran, where, with what.');
export type RunHeader = z.infer<typeof runHeaderSchema>;
