import { z } from 'zod';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a name is lower case letters, digits and dashes');

/** What answers behind a service. */
export const appSchema = z.enum(['http', 'echo', 'boom-server', 'dns', 'nginx']);

export const topologySchema = z.strictObject({
  nodes: z.array(name).min(1),
  /** Pods by set: `replicas` of them on each of the nodes named. */
  pods: z.record(
    name,
    z.strictObject({
      replicas: z.number().int().positive(),
      nodes: z.array(name).min(1),
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
      /** Of the app nginx: its program, and the service that it is a reverse proxy of. */
      proxy: z.strictObject({ program: z.string(), upstream: name }).optional(),
    }),
  ),
  /** resolv.conf of every pod, as the kubelet writes it for ClusterFirst. */
  resolver: z.strictObject({ search: z.array(z.string()), options: z.array(z.string()) }).optional(),
});

export type Topology = z.infer<typeof topologySchema>;
export type App = z.infer<typeof appSchema>;
