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
    trailingDot: z.boolean().default(false).describe('Ask for `name.`, which is never searched for.'),
    patience: seconds('A lookup that takes longer has failed its caller, whatever it brings.'),
    giveUp: seconds(
      'A lookup that has not returned after so long hangs; its resolver is ended with the phase.',
    ),
  })
  .describe('pods that resolve names with the C library’s own resolver');

export type DnsClient = z.infer<typeof dnsClientSchema>;
