import { z } from 'zod';
import { PROXY_MODES } from '../../change/proxy-modes.ts';
import { changeSchema } from '../../change/index.ts';
import { requestSchema } from '../../agent/rpc.ts';

const podSchema = z.strictObject({
  name: z.string(),
  set: z.string(),
  node: z.string(),
  ip: z.string(),
});

/** The lab as deployed: names are the scenario's, addresses the cluster's. */
const foundSchema = z.strictObject({
  nodes: z.array(z.strictObject({ name: z.string(), ip: z.string(), podCidr: z.string() })),
  pods: z.array(podSchema),
  /** The address of each service by its topology name; `None` for headless ones. */
  services: z.record(z.string(), z.string()),
  /** The agent's own node. */
  own: z.string(),
  podNetwork: z.string(),
  /** DNS domain of the run's namespace. */
  domain: z.string(),
  /** Address of the service `kubernetes`, where CoreDNS reads services. */
  apiServer: z.string(),
  /** Address of the cluster's DNS service; empty where there is none. */
  nameserver: z.string(),
  /** Texts of files that loads read (k6 scripts), by their path on the harness's machine. */
  files: z.record(z.string(), z.string()),
});
export type Found = z.infer<typeof foundSchema>;

/** Requests to an agent on a cluster's node, beside those to every agent. */
export const nodeRequestSchema = z.union([
  z.strictObject({ id: z.number(), method: z.literal('adopt'), found: foundSchema }),
  /** Renews the lease; after LEASE_MS without, the agent restores the node. */
  z.strictObject({ id: z.number(), method: z.literal('renew') }),
  /** Responds once the node's kube-proxy leads from a service's address to exactly these endpoints. */
  z.strictObject({
    id: z.number(),
    method: z.literal('programmed'),
    address: z.string(),
    ips: z.array(z.string()),
  }),
  /** Responds with the number of kube-proxy's completed syncs. */
  z.strictObject({ id: z.number(), method: z.literal('syncs') }),
  /** Responds once more than `before` syncs are complete and changes made after `since` are programmed. */
  z.strictObject({
    id: z.number(),
    method: z.literal('synced'),
    since: z.number(),
    before: z.number(),
    /** The mode it must run in. */
    mode: z.enum(PROXY_MODES).optional(),
  }),
  /** Another program will set these sysctls of the node to these values; the agent notes the current ones. */
  z.strictObject({
    id: z.number(),
    method: z.literal('delegate'),
    sysctls: z.record(z.string(), z.string()),
  }),
  /** Restores delegated sysctls to their noted values. */
  z.strictObject({ id: z.number(), method: z.literal('restore'), sysctls: z.array(z.string()) }),
  /** A manifest will be applied, which may change any sysctl of the node: the agent notes all. */
  z.strictObject({ id: z.number(), method: z.literal('watch') }),
  /** The manifest is applied: the agent records the sysctls that have changed. */
  z.strictObject({ id: z.number(), method: z.literal('watched'), change: changeSchema, cycle: z.string() }),
  /** The manifest is gone: the agent restores and records the sysctls that it left changed. */
  z.strictObject({ id: z.number(), method: z.literal('unwatch'), change: changeSchema, cycle: z.string() }),
  /** The next change of the pods' DNS files installs what the kubelet wrote for the pod at this address. */
  z.strictObject({ id: z.number(), method: z.literal('written'), ip: z.string() }),
  /** Adds or removes the address of a node's DNS cache. */
  z.strictObject({
    id: z.number(),
    method: z.literal('cache-address'),
    there: z.boolean(),
    /** The image of NodeLocal DNSCache, if that will listen there. */
    nodeLocal: z.string().optional(),
  }),
  /** The cluster's DNS now runs in these pods. */
  z.strictObject({ id: z.number(), method: z.literal('dns-pods'), ips: z.array(z.string()) }),
  /** Deletes the entries of removed pods. */
  z.strictObject({ id: z.number(), method: z.literal('forget'), ips: z.array(z.string()) }),
  /** Responds once the cluster's DNS pods on this node, if any, return exactly these addresses. */
  z.strictObject({
    id: z.number(),
    method: z.literal('resolved'),
    name: z.string(),
    ips: z.array(z.string()),
  }),
  /** Undoes all changes, and ends. */
  z.strictObject({ id: z.number(), method: z.literal('down') }),
  requestSchema,
]);
export type NodeRequest = z.infer<typeof nodeRequestSchema>;
export type NodeAsk = NodeRequest extends infer R ? (R extends NodeRequest ? Omit<R, 'id'> : never) : never;
/** A service's address, and those of its endpoints; none where it has none. */
export type ServiceWay = Pick<Extract<NodeAsk, { method: 'programmed' }>, 'address' | 'ips'>;

/** Without a renewal for this long an agent undoes its changes, ms. */
export const LEASE_MS = 15_000;
/** Interval of renewals, ms. */
export const RENEW_MS = 4_000;
/** Timeout of a renewal, ms. After it the lease runs out, and the agent is given up. */
export const ANSWER_MS = LEASE_MS - RENEW_MS;
