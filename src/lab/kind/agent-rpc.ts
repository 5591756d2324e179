import { z } from 'zod';
import { PROXY_MODES } from '../../change/proxy-modes.ts';
import { requestSchema } from '../../agent/rpc.ts';

const podSchema = z.strictObject({
  name: z.string(),
  set: z.string(),
  node: z.string(),
  ip: z.string(),
});

/** The lab as the API server told it: names are the scenario's, addresses the cluster's. */
export const foundSchema = z.strictObject({
  nodes: z.array(z.strictObject({ name: z.string(), ip: z.string(), podCidr: z.string() })),
  pods: z.array(podSchema),
  /** The address of each service, by its name in the topology; `None` where it is headless. */
  services: z.record(z.string(), z.string()),
  /** The node that the agent is on. */
  own: z.string(),
  podNetwork: z.string(),
  /** Of the run's namespace, in the cluster's DNS. */
  domain: z.string(),
  /** The address of the service `kubernetes`: CoreDNS reads services there. */
  apiServer: z.string(),
  /** The address of the service that is the cluster's DNS; empty where there is none. */
  nameserver: z.string(),
  /** What loads read from files, k6's scripts: the text by the path that it has on the harness' machine. */
  files: z.record(z.string(), z.string()),
});
export type Found = z.infer<typeof foundSchema>;

/** What an agent on a cluster's node is asked, beside what every agent is. */
export const nodeRequestSchema = z.union([
  z.strictObject({ id: z.number(), method: z.literal('adopt'), found: foundSchema }),
  /** The harness lives; without this for LEASE_MS the node is put back as it was. */
  z.strictObject({ id: z.number(), method: z.literal('renew') }),
  /** Answered once the node's kube-proxy has programmed what was changed since then, in seconds since the epoch. */
  z.strictObject({ id: z.number(), method: z.literal('programmed'), since: z.number() }),
  /** How many syncs of its kube-proxy are over. */
  z.strictObject({ id: z.number(), method: z.literal('syncs') }),
  /** Answered once one more than before is over, and what was changed since then is programmed. */
  z.strictObject({
    id: z.number(),
    method: z.literal('synced'),
    since: z.number(),
    before: z.number(),
    /** The one that it is to run in. */
    mode: z.enum(PROXY_MODES).optional(),
  }),
  /** Somebody else is about to set these sysctls of the node, to these values: what was there is noted. */
  z.strictObject({
    id: z.number(),
    method: z.literal('delegate'),
    sysctls: z.record(z.string(), z.string()),
  }),
  /** They are put back as they were when they were lent. */
  z.strictObject({ id: z.number(), method: z.literal('restore'), sysctls: z.array(z.string()) }),
  /** The next change of what pods read of DNS is what the kubelet wrote for the pod of this address. */
  z.strictObject({ id: z.number(), method: z.literal('written'), ip: z.string() }),
  /** The address at which a cache on the node listens, there or not. */
  z.strictObject({
    id: z.number(),
    method: z.literal('cache-address'),
    there: z.boolean(),
    /** The image of NodeLocal DNSCache itself, where that is what will listen there. */
    nodeLocal: z.string().optional(),
  }),
  /** The pods that the cluster's DNS is in from now on. */
  z.strictObject({ id: z.number(), method: z.literal('dns-pods'), ips: z.array(z.string()) }),
  /** Deletes the entries of pods that are gone. */
  z.strictObject({ id: z.number(), method: z.literal('forget'), ips: z.array(z.string()) }),
  /** Answered once the cluster's DNS, where it has pods on this node, gives these addresses and no others. */
  z.strictObject({
    id: z.number(),
    method: z.literal('resolved'),
    name: z.string(),
    ips: z.array(z.string()),
  }),
  /** Undoes what stands, and ends. */
  z.strictObject({ id: z.number(), method: z.literal('down') }),
  requestSchema,
]);
export type NodeRequest = z.infer<typeof nodeRequestSchema>;
export type NodeAsk = NodeRequest extends infer R ? (R extends NodeRequest ? Omit<R, 'id'> : never) : never;

/** So long after the last renewal an agent undoes by itself what stands. */
export const LEASE_MS = 15_000;
/** The harness renews so often. */
export const RENEW_MS = 4_000;
/** A renewal that is not answered within this did not get there: the lease runs out, and the agent is given up. */
export const ANSWER_MS = LEASE_MS - RENEW_MS;
