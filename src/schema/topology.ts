import { z } from 'zod';
import { APPS } from '../server/apps.ts';
import { duration, nodeList, replicas } from '../util/bounds.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a name is lower case letters, digits and dashes');

const podsSchema = z.strictObject({
  replicas: replicas.describe('How many pods of the set run on each of its nodes.'),
  nodes: nodeList(name).min(1).describe('The nodes that the set is on.'),
  hostNetwork: z
    .boolean()
    .optional()
    .describe(
      'In the node’s own network namespace, with its address, as a kubelet, an API server or a node agent. Default: `false`.',
    ),
  asymmetric: z
    .boolean()
    .optional()
    .describe(
      'Two interfaces to the node: the pods send by the second and receive by the first. Default: `false`.',
    ),
});

const callSchema = z.strictObject({
  service: name.describe('The service that is called.'),
  name: z
    .string()
    .optional()
    .describe(
      'The name that is looked up with the pod’s own resolver before each new connection. Absent: called by address.',
    ),
});

const serviceSchema = z.strictObject({
  pods: name.describe('The set of pods behind the service.'),
  port: z.number().int().min(1).max(65535).describe('The service’s port.'),
  app: z
    .enum(APPS)
    .describe(
      'What answers. `apiserver`: the cluster’s own, or an http app where there is none. `boom-pod`: a boom-server that is its pod’s own program. `stateless`: the load itself plays the server, packet by packet.',
    ),
  headless: z
    .boolean()
    .default(false)
    .describe(
      '`clusterIP: None`. The service has no address of its own: its name stands for the addresses of its pods.',
    ),
  calls: z
    .array(callSchema)
    .default([])
    .describe('What an `http` app asks, one after the other, before it answers.'),
  proxy: z
    .strictObject({
      program: z.string().describe('The path of nginx.'),
      upstream: name.describe('The service that it is a reverse proxy of.'),
    })
    .optional()
    .describe('Of the app `nginx`: its program and its upstream.'),
});

export const topologySchema = z.strictObject({
  nodes: nodeList(name).min(1).describe('The names of the nodes.'),
  pods: z.record(name, podsSchema).describe('Sets of pods, by name.'),
  services: z
    .record(name, serviceSchema)
    .describe('Services by name. Every lab has `kube-dns` where a scenario names it.'),
  recordTtl: duration(
    z.number().int().nonnegative(),
    'seconds',
    'How long an answer of the cluster’s DNS may be kept: the `ttl` of CoreDNS’ kubernetes plugin.',
  ).prefault('30s'),
  resolver: z
    .strictObject({
      search: z.array(z.string()).describe('The search domains.'),
      options: z.array(z.string()).describe('The options: `ndots:5`.'),
    })
    .optional()
    .describe('resolv.conf of every pod, as the kubelet writes it for ClusterFirst.'),
});

export type Topology = z.infer<typeof topologySchema>;
