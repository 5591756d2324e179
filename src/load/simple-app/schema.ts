import { z } from 'zod';
import { count, pods, seconds, stageList } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

export const simpleAppSchema = z
  .strictObject({
    kind: z.literal('simple-app'),
    pods: podSet,
    service,
    stages: stageList(
      z.strictObject({
        pods: pods.describe('How many pods ask.'),
        seconds: seconds('How long the stage lasts.'),
      }),
    ).describe('Scaled as a Deployment would be: each stage runs on so many pods for so long.'),
    scale: z
      .number()
      .int()
      .positive()
      .max(1000)
      .default(1)
      .describe('The Deployment scaled out: each stage runs on so many times its pods.'),
    requests: count.describe('Requests in the whole phase, spread evenly over the pods that are up.'),
    connectTimeout: seconds('The time limit of a connection, as curl’s `--connect-timeout`.'),
    via: z
      .enum(['service', 'pods', 'name'])
      .default('service')
      .describe(
        'How a pod comes by an address: the service’s own; its pods’ as they are now; or the DNS’s answer to the service’s name, kept for its TTL.',
      ),
    reuse: z
      .boolean()
      .default(false)
      .describe(
        '`true`: each pod keeps its connections and reuses them; `false`: a new connection a request.',
      ),
    hold: z
      .boolean()
      .default(false)
      .describe('Keep each connection open until the phase ends, without reusing it.'),
    localPorts: z
      .enum(['plenty', 'scarce'])
      .default('plenty')
      .describe(
        '`scarce`: a pod without a free local port fails its request; kept connections are reset in the end. `plenty`: then the generator is the bottleneck, and the phase is invalid.',
      ),
    leak: z
      .boolean()
      .default(false)
      .describe(
        'Never close a connection that the server has closed: it stays half open until the phase ends.',
      ),
  })
  .describe('pods that ask as a curl loop does, a new connection a request');

export type SimpleApp = z.infer<typeof simpleAppSchema>;
