import { z } from 'zod';
import { DURATION, parseDuration } from '../util/duration.ts';
import { PROXY_MODES } from './proxy-modes.ts';
import { MAX } from '../kernel/table-names.ts';

function duration(description: string) {
  return z.string().regex(DURATION, 'must be a Go duration: 30s, 1h0m0s').optional().describe(description);
}

const timeout = (state: string) =>
  duration(`The timeout of ${state}: \`1h0m0s\`; \`0s\` leaves it as it is.`);

export const conntrackSchema = z.strictObject({
  maxPerCore: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('Entries of the table for each core; 0 leaves the maximum as it is.'),
  min: z.number().int().nonnegative().optional().describe('The lowest maximum, whatever `maxPerCore` gives.'),
  tcpEstablishedTimeout: timeout('established TCP connections'),
  tcpCloseWaitTimeout: timeout('TCP connections in CLOSE_WAIT'),
  udpTimeout: timeout('UDP entries without an answer'),
  udpStreamTimeout: timeout('UDP entries with answers'),
  tcpBeLiberal: z.boolean().optional().describe('Whether to set nf_conntrack_tcp_be_liberal.'),
});
const syncSchema = z.strictObject({
  minSyncPeriod: duration('The shortest time between two syncs: `1s`.'),
  syncPeriod: duration('The longest time between two full syncs: `30s`.'),
});

/** A part of a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1), with its field names. */
export const kubeProxySettingsSchema = z.strictObject({
  mode: z.enum(PROXY_MODES).optional().describe('How kube-proxy programs services.'),
  conntrack: conntrackSchema.optional().describe('Conntrack settings that kube-proxy makes when it starts.'),
  iptables: syncSchema.optional().describe('How often kube-proxy syncs in the mode `iptables`.'),
  nftables: syncSchema.optional().describe('How often kube-proxy syncs in the mode `nftables`.'),
});
export type KubeProxySettings = z.infer<typeof kubeProxySettingsSchema>;
/** The `conntrack` section of a KubeProxyConfiguration. */
export type ConntrackConfig = z.infer<typeof conntrackSchema>;

/** kube-proxy's fields, and the sysctl that each sets at start (cmd/kube-proxy/app/server_linux.go). */
const TIMEOUT_FIELDS = {
  tcpEstablishedTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_established',
  tcpCloseWaitTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  udpTimeout: 'net.netfilter.nf_conntrack_udp_timeout',
  udpStreamTimeout: 'net.netfilter.nf_conntrack_udp_timeout_stream',
} as const;
const TIMEOUTS = Object.entries(TIMEOUT_FIELDS) as readonly [keyof typeof TIMEOUT_FIELDS, string][];

/** What kube-proxy's configuration says of these sysctls: nothing, their values, or to leave them alone. */
interface Wish {
  readonly config: 'defaults' | 'wished' | 'untouched';
  readonly sysctls: Readonly<Record<string, number>>;
}

/**
 * Builds the `conntrack` section; without a requested maximum, `maxPerCore: 0` leaves nf_conntrack_max alone
 * (kind's default).
 */
export function conntrackConfig({ config, sysctls }: Wish): ConntrackConfig {
  const max = sysctls[MAX];
  const alone = { maxPerCore: 0 };
  switch (config) {
    case 'defaults':
      return max === undefined ? alone : {};
    case 'untouched':
      return { ...alone, ...timeouts(() => 0) };
    case 'wished':
      // `min` is a floor for cores × maxPerCore, which must not be 0.
      return {
        ...(max === undefined ? alone : { maxPerCore: 1, min: max }),
        ...timeouts((sysctl) => sysctls[sysctl]),
      };
  }
}

function timeouts(
  secondsOf: (sysctl: string) => number | undefined,
): Partial<Record<keyof typeof TIMEOUT_FIELDS, string>> {
  return Object.fromEntries(
    TIMEOUTS.flatMap(([field, sysctl]) => {
      const seconds = secondsOf(sysctl);
      return seconds === undefined ? [] : [[field, `${String(seconds)}s`] as const];
    }),
  );
}

/** The node sysctls that a kube-proxy with these settings sets at start, and their values. */
export function sysctlsSetBy({ conntrack = {} }: KubeProxySettings): Readonly<Record<string, string>> {
  const timeouts = TIMEOUTS.flatMap(([field, sysctl]) => {
    const seconds = parseDuration(conntrack[field] ?? '0s') / 1000;
    return seconds > 0 ? [[sysctl, String(Math.floor(seconds))] as const] : [];
  });
  const liberal =
    conntrack.tcpBeLiberal === true ? [['net.netfilter.nf_conntrack_tcp_be_liberal', '1'] as const] : [];
  return Object.fromEntries([...timeouts, ...liberal]);
}
