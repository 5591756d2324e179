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
        pods: pods.describe('Number of client pods.'),
        seconds: seconds('How long the stage lasts.'),
      }),
    ).describe('Stages of a scaled Deployment: each runs on a number of pods for a time.'),
    scale: z
      .number()
      .int()
      .positive()
      .max(1000)
      .default(1)
      .describe('Scales the Deployment out: multiplies the pods of each stage.'),
    requests: count.describe('Requests in the whole phase, spread evenly over the pods that are up.'),
    connectTimeout: seconds('The time limit of a connection, as curl’s `--connect-timeout`.'),
    via: z
      .enum(['service', 'pods', 'name'])
      .default('service')
      .describe(
        'How a pod finds an address: the service’s; its pods’ current ones; or the DNS’s answer for the service’s name, cached for its TTL.',
      ),
    reuse: z
      .boolean()
      .default(false)
      .describe(
        '`true`: each pod keeps its connections and reuses them; `false`: a new connection per request.',
      ),
    hold: z
      .boolean()
      .default(false)
      .describe('Keep each connection open until the phase ends, without reusing it.'),
    localPorts: z
      .enum(['plenty', 'scarce'])
      .default('plenty')
      .describe(
        '`scarce`: a pod without a free local port fails its request; kept connections are reset at the end. `plenty`: it makes the generator the bottleneck, and the phase invalid.',
      ),
    leak: z
      .boolean()
      .default(false)
      .describe(
        'Never close a connection that the server has closed: it stays half open until the phase ends.',
      ),
  })
  .describe('pods like a curl loop, with a new connection per request');

export type SimpleApp = z.infer<typeof simpleAppSchema>;
