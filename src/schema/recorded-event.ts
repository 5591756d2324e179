import { z } from 'zod';
import type { Value } from '../change/done.ts';
import { eventSchema } from './history.ts';
import { stageName } from './stages.ts';

/** An event as read from disk. Events of older versions are translated. */
export const recordedEventSchema = z.preprocess((event) => renamed(withNode(event)), eventSchema);

const phasedSchema = z.looseObject({ type: z.string(), phase: z.looseObject({ stage: z.string() }) });

/** Up to 0.1.0 stages had other names, and the event `retry` was `repeat`. */
function renamed(event: unknown): unknown {
  const phased = phasedSchema.safeParse(event);
  if (!phased.success) return event;
  const { type, phase } = phased.data;
  return {
    ...phased.data,
    type: type === 'repeat' ? 'retry' : type,
    phase: { ...phase, stage: stageName(phase.stage) },
  };
}

const oldChangeSchema = z.looseObject({
  type: z.literal('change'),
  change: z.looseObject({ node: z.string().optional() }),
  found: z.string(),
  readBack: z.string(),
});

/** Up to 0.1.0 a `change` event described all nodes in one sentence. */
function withNode(event: unknown): unknown {
  const old = oldChangeSchema.safeParse(event);
  if (!old.success) return event;
  const { found, readBack, ...rest } = old.data;
  return { node: rest.change.node ?? 'lab', before: valueOfOld(found), after: valueOfOld(readBack), ...rest };
}

/** The number, where all nodes had the same one; otherwise the text. */
function valueOfOld(text: string): Value {
  const [value = '', ...others] = new Set(text.split(' '));
  return others.length === 0 && /^-?\d+$/.test(value) ? Number(value) : text;
}
