import { z } from 'zod';
import { seconds } from '../util/bounds.ts';

/** Keys shared by several kinds of load. */
export const podSet = z.string().describe('The set of pods that asks.');
export const service = z.string().describe('The service that is asked.');
export const spread = seconds('How long they are spread over.');
