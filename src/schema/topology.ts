import { z } from 'zod';
import { nodeList, replicas } from '../util/bounds.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a name is lower case letters, digits and dashes');

/**
 * What answers behind a service. `apiserver`: the cluster's own, or an http app where there is none; `boom-pod`: a
 * boom-server that is its pod's own program, and ends with the first reset; `stateless`: nothing does, the load itself
 * plays the server, packet by packet.
 */
export const appSchema = z.enum([
  'http',
  'apiserver',
  'echo',
  'udp-echo',
  'boom-server',
  'boom-pod',
  'dns',
  'nginx',
  'stateless',
]);

export const topologySchema = z.strictObject({
  nodes: nodeList(name).min(1),
  /** Pods by set: `replicas` of them on each of the nodes named. */
  pods: z.record(
    name,
    z.strictObject({
      replicas,
      nodes: nodeList(name).min(1),
      /** In the node's own network namespace, with its address: a kubelet, an API server, a node agent. */
      hostNetwork: z.boolean().optional(),
      /** Two cables to the node: what the pods send leaves by the second, what they are sent comes by the first. */
      asymmetric: z.boolean().optional(),
    }),
  ),
  /** ClusterIP services; every lab has `kube-dns` where a scenario names it. */
  services: z.record(
    name,
    z.strictObject({
      pods: name,
      port: z.number().int().min(1).max(65535),
      app: appSchema,
      /** `clusterIP: None`: no address of its own; its name stands for the addresses of its pods. */
      headless: z.boolean().default(false),
      /** What an `http` app asks, one after the other, before it answers. */
      calls: z
        .array(
          z.strictObject({
            service: name,
            /** The name it is looked up by, with the pod's own resolver, before each new connection; none: it is configured by address. */
            name: z.string().optional(),
          }),
        )
        .default([]),
      /** Of the app nginx: its program, and the service that it is a reverse proxy of. */
      proxy: z.strictObject({ program: z.string(), upstream: name }).optional(),
    }),
  ),
  /** How long an answer of the cluster's DNS may be kept, s: the `ttl` of CoreDNS' kubernetes plugin. */
  recordTtl: z.number().int().nonnegative().default(30),
  /** resolv.conf of every pod, as the kubelet writes it for ClusterFirst. */
  resolver: z.strictObject({ search: z.array(z.string()), options: z.array(z.string()) }).optional(),
});

export type Topology = z.infer<typeof topologySchema>;
export type App = z.infer<typeof appSchema>;
