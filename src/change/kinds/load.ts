import { z } from 'zod';
import { defineChange } from '../define.ts';
import { settingsChange } from '../settings-change.ts';

export const load = defineChange({
  kind: 'load',
  doc: 'Makes the same demand in another way: replaces settings of a load.',
  fields: {
    of: z.string().optional().describe('A background load by its name; the demand unless said.'),
    set: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .describe('Fields of the load, and what they are to be.'),
  },
  apply: ({ of = 'demand', set }, { settings }) => settingsChange(settings, of, set),
});
