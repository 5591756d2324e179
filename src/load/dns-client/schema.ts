import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { podSet, spread } from '../fields.ts';

export const dnsClientSchema = z
  .strictObject({
    kind: z.literal('dns-client'),
    pods: podSet,
    lookups: count.describe('Lookups in the whole phase, over the pods in turn.'),
    seconds: spread,
    names: z.array(z.string()).min(1).describe('The names that are looked up, in turn.'),
    trailingDot: z.boolean().default(false).describe('Look up `name.`, which skips the search list.'),
    patience: seconds('A lookup that takes longer counts as failed, whatever its answer.'),
    giveUp: seconds('A lookup that takes longer than this hangs; its resolver is ended with the phase.'),
  })
  .describe('pods that resolve names with the C library’s own resolver');

export type DnsClient = z.infer<typeof dnsClientSchema>;
