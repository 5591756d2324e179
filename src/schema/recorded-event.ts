import { z } from 'zod';
import type { Value } from '../change/done.ts';
import { eventSchema } from './history.ts';

/** An event as it is read from disk: of older runs too, whose `change` events had sentences of all nodes together. */
export const recordedEventSchema = z.preprocess((event) => {
  const old = oldChangeSchema.safeParse(event);
  if (!old.success) return event;
  const { found, readBack, ...rest } = old.data;
  return { node: nodeOfOld(rest.change), before: valueOfOld(found), after: valueOfOld(readBack), ...rest };
}, eventSchema);

const oldChangeSchema = z.looseObject({
  type: z.literal('change'),
  change: z.looseObject({ node: z.string().optional() }),
  found: z.string(),
  readBack: z.string(),
});

function nodeOfOld({ node = 'lab' }: { readonly node?: string | undefined }): string {
  return node;
}

/** Of several nodes that had the same number, the number. */
function valueOfOld(text: string): Value {
  const values = [...new Set(text.split(' '))];
  return values.length === 1 && /^-?\d+$/.test(text.split(' ')[0] ?? '') ? Number(values[0]) : text;
}
