import { z } from 'zod';
import { seconds } from '../util/bounds.ts';

/** Keys shared by several kinds of load. */
export const podSet = z.string().describe('The set of client pods.');
export const service = z.string().describe('The service that the clients call.');
export const spread = seconds('The time over which they are spread.');
