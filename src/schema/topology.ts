import { z } from 'zod';
import { APP_SUMMARIES, APPS, FIXED_PORTS } from '../server/apps.ts';
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
  ownTable: z
    .boolean()
    .optional()
    .describe(
      'The conntrack table of each pod’s own network namespace is sampled as a node’s is: `POD.entries.max`, `POD.invalid.delta`. Rules in a pod (`pod-nft`), as a mesh’s, make it. Default: `false`.',
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

const serviceSchema = z
  .strictObject({
    pods: name.describe('The set of pods behind the service.'),
    port: z.number().int().min(1).max(65535).describe('The service’s port.'),
    app: z.enum(APPS).describe(`The server. ${APP_SUMMARIES.join(' ')}`),
    targetPort: z
      .number()
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('The port that its pods listen on. Default: one for each app.'),
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
    delay: seconds(
      'How long an `echo` or a `boom-server` waits before it answers. Default: `echo` not at all, `boom-server` 0.1 s.',
    ).optional(),
    proxy: z
      .strictObject({
        program: z.string().describe('The path of nginx.'),
        upstream: name.describe('The service behind the reverse proxy.'),
      })
      .optional()
      .describe('Of the app `nginx`: its program and its upstream.'),
  })
  .refine(({ app, targetPort }) => targetPort === undefined || !FIXED_PORTS.includes(app), {
    path: ['targetPort'],
    message: `of the apps ${FIXED_PORTS.join(', ')} the port is fixed; leave it out`,
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

/** The service that a load asks; undefined where it asks none, or one that the topology does not have. */
export function serviceOf(
  { service }: { readonly kind: string; readonly service?: string },
  { services }: Pick<Topology, 'services'>,
): Topology['services'][string] | undefined {
  return service === undefined ? undefined : services[service];
}

/** A pod's name: the set's and its number, with its node's between them where the set has several. */
export function podName(set: string, nodes: readonly string[], node: string, number: number): string {
  return `${set}-${nodes.length > 1 ? `${node}-` : ''}${String(number)}`;
}

/** The pods whose own conntrack table is sampled. */
export function podsWithTable({ pods }: Pick<Topology, 'pods'>): readonly string[] {
  return Object.entries(pods).flatMap(([set, { replicas, nodes, ownTable }]) =>
    ownTable === true
      ? nodes.flatMap((node) => Array.from({ length: replicas }, (_, i) => podName(set, nodes, node, i)))
      : [],
  );
}
