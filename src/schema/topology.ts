import { z } from 'zod';
import { APPS } from '../server/apps.ts';
import { duration, nodeList, replicas, seconds } from '../util/bounds.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be lower case letters, digits and dashes');

const podsSchema = z.strictObject({
  replicas: replicas.describe('How many pods of the set run on each of its nodes.'),
  nodes: nodeList(name).min(1).describe('The nodes that the set is on.'),
  hostNetwork: z
    .boolean()
    .optional()
    .describe(
      'The pods share the node’s network namespace and address, like a kubelet or an API server. Default: `false`.',
    ),
  asymmetric: z
    .boolean()
    .optional()
    .describe(
      'The pods have two interfaces to the node: they send by the second and receive by the first. Default: `false`.',
    ),
});

const callSchema = z.strictObject({
  service: name.describe('The service that is called.'),
  name: z
    .string()
    .optional()
    .describe(
      'The name to look up with the pod’s resolver before each new connection. Absent: called by address.',
    ),
});

const serviceSchema = z.strictObject({
  pods: name.describe('The set of pods behind the service.'),
  port: z.number().int().min(1).max(65535).describe('The service’s port.'),
  app: z
    .enum(APPS)
    .describe(
      'The server. `apiserver`: the cluster’s, or an http app in the embedded lab. `boom-pod`: a boom-server as its pod’s main program. `stateless`: the load itself plays the server, packet by packet. `udp-sink`: takes datagrams and never answers in their flow, like statsd. `whoami`: answers a load `exchange` with the names of its pod and service.',
    ),
  headless: z
    .boolean()
    .default(false)
    .describe('`clusterIP: None`: the name resolves to the pods’ addresses.'),
  hostPort: z
    .boolean()
    .optional()
    .describe(
      'Its address is that of its pods’ one node, which alone translates it: `hostPort` of a pod’s spec. Default: `false`.',
    ),
  calls: z
    .array(callSchema)
    .default([])
    .describe('The services that an `http` app calls, in order, before it answers.'),
  delay: seconds('How long an `echo` app waits before it answers. Default: it does not wait.').optional(),
  proxy: z
    .strictObject({
      program: z.string().describe('The path of nginx.'),
      upstream: name.describe('The service behind the reverse proxy.'),
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
    'TTL of the cluster’s DNS answers: `ttl` of CoreDNS’ kubernetes plugin.',
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
