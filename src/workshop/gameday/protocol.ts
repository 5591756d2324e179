import { z } from 'zod';
import { placeSchema, serviceSchema } from '../../lab/hands.ts';
import { OUTCOMES } from '../lesson.ts';

const outcomes = Object.keys(OUTCOMES) as [keyof typeof OUTCOMES, ...(keyof typeof OUTCOMES)[]];
const seconds = z.number().nonnegative();

/** What a player asks for: a JSON object a line on standard input. */
export const requestSchema = z
  .discriminatedUnion('do', [
    z
      .strictObject({
        do: z.literal('run'),
        place: z.string().describe('A node or a pod of the report.'),
        command: z
          .array(z.string())
          .min(1)
          .describe('The program and its arguments. No shell reads them; for one: `["sh", "-c", "…"]`.'),
      })
      .describe('Runs a command in a node or a pod, for at most 20 s.'),
    z
      .strictObject({ do: z.literal('cause'), name: z.string().describe('One of the report’s causes.') })
      .describe('Says what the cause is. Wrong guesses are counted.'),
    z.strictObject({ do: z.literal('check') }).describe('Has the state of the lab judged.'),
    z.strictObject({ do: z.literal('end') }).describe('Ends the game; the score follows.'),
  ])
  .describe('What a player asks for.');
export type Request = z.infer<typeof requestSchema>;

export const scoreSchema = z.strictObject({
  event: z.literal('score'),
  cause: z.string().describe('What was injected.'),
  detected: seconds.optional().describe('Seconds until the cause was named. Absent: it was not.'),
  wrongGuesses: z.number().int().nonnegative().describe('Causes that were named and wrong.'),
  mitigated: seconds
    .optional()
    .describe('Seconds until the check at which the demand was met on the table as it was. Absent: never.'),
  outcome: z.enum(outcomes).optional().describe('The outcome of the last check. Absent: there was none.'),
  cured: z.boolean().describe('A check found it cured, and nothing else broken.'),
  commands: z.number().int().nonnegative().describe('Commands that were run by requests.'),
  seconds: seconds.describe('How long the game took.'),
});
export type Score = z.infer<typeof scoreSchema>;

/** What the game answers: a JSON object a line on standard output. */
export const eventSchema = z
  .discriminatedUnion('event', [
    z
      .strictObject({
        event: z.literal('report'),
        text: z.string().describe('What users of the cluster report.'),
        places: z.array(placeSchema).describe('The nodes and pods in which commands may be run.'),
        services: z.array(serviceSchema).describe('The service addresses.'),
        causes: z.array(z.string()).describe('The causes to choose from; one is right.'),
      })
      .describe('The first line: the lab is broken, and the clock runs.'),
    z
      .strictObject({
        event: z.literal('ran'),
        exitCode: z.number().int().describe('The exit code; 124: it was ended after 20 s.'),
        stdout: z.string().describe('Its output, at most 64 KiB.'),
        stderr: z.string().describe('Its messages, at most 64 KiB.'),
      })
      .describe('The answer to `run`.'),
    z
      .strictObject({ event: z.literal('cause'), right: z.boolean().describe('Whether that is the cause.') })
      .describe('The answer to `cause`.'),
    z
      .strictObject({
        event: z.literal('checked'),
        outcome: z.enum(outcomes).describe('What the changes come to.'),
        reason: z.string().describe('Why, in a sentence.'),
        now: z.string().describe('The demand, offered to the table as it is.'),
        afterwards: z.string().describe('The demand, offered to a table that was filled again.'),
        found: z.array(z.string()).describe('What differs from the lab as it began, a line each.'),
        broke: z.array(z.string()).describe('What failed that did not fail before, a line each.'),
      })
      .describe('The answer to `check`.'),
    z
      .strictObject({
        event: z.literal('error'),
        message: z.string().describe('What is wrong, and the fix.'),
      })
      .describe('A request was not understood, or could not be carried out. The game goes on.'),
    scoreSchema.describe('The last line.'),
  ])
  .describe('What the game answers.');
export type Event = z.infer<typeof eventSchema>;
