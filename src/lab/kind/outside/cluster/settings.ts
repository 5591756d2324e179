import { z } from 'zod';
import { PROXY_MODES } from '../../../../change/proxy-modes.ts';

/** What a cluster is made like. */
export const clusterSettingsSchema = z.strictObject({
  /** Beside the one control plane node; as many as the scenario has nodes unless said. */
  workers: z.number().int().positive().max(20).optional(),
  /** The node image; the project's own where it has been built, else kind's. */
  image: z.string().min(1).optional(),
  proxyMode: z.enum(PROXY_MODES).optional(),
  /** Which kube-proxy its nodes run, where it is another than the node image's: one that was built here. */
  kubeProxy: z.string().min(1).optional(),
  /** The `conntrack` section of kube-proxy's configuration: `maxPerCore: 0`, `tcpBeLiberal: true`, … */
  conntrack: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type ClusterSettings = z.infer<typeof clusterSettingsSchema>;
