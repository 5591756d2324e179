import { z } from 'zod';
import type { App } from '../../server/apps.ts';
import { milliseconds, sockets } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

/** Prefix of the canaries' figures, and the apps whose services answer them. */
export const CANARIES: { readonly unit: string; readonly answeredBy: readonly App[] } = {
  unit: 'canaries',
  answeredBy: ['echo'],
};

/** Runs beside the demand; never a demand itself. */
export const keepaliveSchema = z
  .strictObject({
    kind: z.literal('keepalive'),
    pods: podSet,
    service: service.describe('The service, with the app `echo`, that answers.'),
    connections: sockets.describe('Connections that are opened once.'),
    everyMs: milliseconds('The time between two beats of a connection.'),
  })
  .describe('connections that are opened once and send a beat at intervals: the canaries of a full table');

export type Keepalive = z.infer<typeof keepaliveSchema>;
