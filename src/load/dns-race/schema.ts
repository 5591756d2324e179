import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { podSet, spread } from '../fields.ts';

export const dnsRaceSchema = z
  .strictObject({
    kind: z.literal('dns-race'),
    pods: podSet,
    pairs: count.describe(
      'Pairs of an A and an AAAA query, each pair from a new socket. Figures count datagrams.',
    ),
    seconds: spread,
    name: z.string().describe('The name to query.'),
    send: z
      .enum(['in-turn', 'at-once'])
      .describe('The two queries one after the other from one CPU, or both at the same moment from two.'),
    sockets: z
      .enum(['one', 'each', 'two-pods'])
      .default('one')
      .describe(
        'One socket per pair, like getaddrinfo; one per query, like `single-request-reopen`; or one in each of two pods, both with the same port.',
      ),
    patience: seconds(
      'A query without an answer within this time is lost. Time in which the lab itself stood still does not count.',
    ),
  })
  .describe('pods whose A and AAAA queries leave one socket at the same moment, on two CPUs');

export type DnsRace = z.infer<typeof dnsRaceSchema>;
