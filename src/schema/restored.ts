import { z } from 'zod';

/** What the runs of a matrix or a suite restored. */
export const restoredSchema = z
  .strictObject({
    status: z.enum(['complete', 'incomplete']).describe('Whether everything was restored.'),
    left: z.array(z.string()).describe('What was not restored, a line each.'),
  })
  .describe('What was restored at the end of its runs.');
