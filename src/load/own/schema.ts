import { z } from 'zod';
import { count } from '../../util/bounds.ts';
import { podSet, service, spread } from '../fields.ts';

const WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What every load of one's own has beside its settings. */
export const ownBase = {
  pods: podSet,
  service,
  operations: count.describe('Operations in the whole phase, spread evenly over the pods.'),
  seconds: spread,
};

export const ownSchema = z
  .strictObject({
    kind: z.literal('own'),
    name: z.string().regex(WORD).describe('The name that its module gives it.'),
    module: z
      .string()
      .startsWith('file:')
      .describe('The URL of the module that exports it. The agents of the lab import this module.'),
    unit: z.string().regex(WORD).describe('What it counts: `connections`. Its figures begin with this word.'),
    ...ownBase,
    settings: z.record(z.string(), z.json()).default({}).describe('The settings that its module declares.'),
    figures: z
      .record(z.string().regex(WORD), z.string())
      .default({})
      .describe('The meaning of each figure that it measures itself: `own.NAME`.'),
  })
  .describe('a load of one’s own: `defineLoad` in a module beside the scenario makes it');

export type Own = z.infer<typeof ownSchema>;
