import { z } from 'zod';
import { defineChange } from '../define.ts';
import { settingsChange } from '../settings-change.ts';
import { LAB_SETTINGS } from '../target.ts';

export const calls = defineChange({
  kind: 'calls',
  doc: 'Changes how the apps behind services call other services.',
  fields: {
    set: z
      .strictObject({
        reuse: z.boolean().optional().describe('Keep the connection for the next call.'),
        trailingDot: z.boolean().optional().describe('Look up `name.`, which skips the search list.'),
      })
      .describe('The settings to change.'),
  },
  apply: ({ set }, { settings }) => settingsChange(settings, LAB_SETTINGS.calls, set),
});
