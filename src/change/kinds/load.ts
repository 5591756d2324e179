import { z } from 'zod';
import { defineChange } from '../define.ts';
import { settingsChange } from '../settings-change.ts';

export const load = defineChange({
  kind: 'load',
  doc: 'Replaces settings of a load, which then makes the same demand in another way.',
  fields: {
    of: z.string().optional().describe('A background load by its name. Default: the demand.'),
    set: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .describe('Fields of the load, with their new values.'),
  },
  // Of the loads’ settings, these name what is executed.
  runs: ({ set }, found) => {
    const named = ['program', 'script', 'module']
      .flatMap((key) => (key in set ? [String(set[key])] : []))
      .filter((path) => !found.includes(path));
    return named.length === 0 ? undefined : named.join(', ');
  },
  apply: ({ of = 'demand', set }, { settings }) => settingsChange(settings, of, set),
});
