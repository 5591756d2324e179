import { z } from 'zod';

const lines = z.array(z.string()).readonly();

/** What was made of a remedy that is a Kubernetes manifest. */
export const manifestReportSchema = z
  .strictObject({
    how: z
      .enum(['translated', 'applied'])
      .describe(
        '`translated`: changes of the lab stand for what was understood, and no container of the manifest ran. `applied`: its objects went to a cluster’s API server as they are, and what is none was translated.',
      ),
    lines: lines.describe('What was understood, one line each: its place → what it means here.'),
    gaps: lines.describe('What was not understood or has no effect here, a line each with why.'),
    findings: lines.describe('What is wrong with the manifest itself, a line each.'),
  })
  .describe('What was made of a Kubernetes manifest.');
export type ManifestReport = z.infer<typeof manifestReportSchema>;
