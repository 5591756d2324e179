import { z } from 'zod';
import { eventSchema } from './history.ts';
import { eventOfToday } from './old-names.ts';

/** An event as read from disk. Events of older versions are translated. */
export const recordedEventSchema = z.preprocess(eventOfToday, eventSchema);
