import { z } from 'zod';
import { conntrackSchema } from '../../../../change/kube-proxy-settings.ts';
import { PROXY_MODES } from '../../../../change/proxy-modes.ts';
import type { UserConfig } from '../../user-config.ts';

export const clusterSettingsSchema = z.strictObject({
  /** Beside the one control plane node. Default: as many as the scenario has nodes. */
  workers: z.number().int().positive().max(20).optional(),
  /** The node image. Default: the project's own if built, else kind's. */
  image: z.string().min(1).optional(),
  proxyMode: z.enum(PROXY_MODES).optional(),
  /** A version of kube-proxy built here, instead of the node image's. */
  kubeProxy: z.string().min(1).optional(),
  /** The `conntrack` section of kube-proxy's configuration: `maxPerCore: 0`, `tcpBeLiberal: true`, … */
  conntrack: conntrackSchema.optional(),
});
export type ClusterSettings = z.infer<typeof clusterSettingsSchema> & {
  /** The user's own configuration, which these settings complete. */
  readonly user?: UserConfig;
};
