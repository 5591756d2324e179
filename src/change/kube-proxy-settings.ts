import { z } from 'zod';
import { PROXY_MODES } from './proxy-modes.ts';

/** `30s`, `1h0m0s`: a duration as Go writes it. `0s` leaves alone what is there. */
const duration = z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'a duration as Go has it: 30s, 1h0m0s');

const conntrackSchema = z.strictObject({
  maxPerCore: z.number().int().nonnegative().optional(),
  min: z.number().int().nonnegative().optional(),
  tcpEstablishedTimeout: duration.optional(),
  tcpCloseWaitTimeout: duration.optional(),
  udpTimeout: duration.optional(),
  udpStreamTimeout: duration.optional(),
  tcpBeLiberal: z.boolean().optional(),
});
const syncSchema = z.strictObject({
  minSyncPeriod: duration.optional(),
  syncPeriod: duration.optional(),
});

/** A part of a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1), by its own names. */
export const kubeProxySettingsSchema = z.strictObject({
  mode: z.enum(PROXY_MODES).optional(),
  conntrack: conntrackSchema.optional(),
  iptables: syncSchema.optional(),
  nftables: syncSchema.optional(),
});
export type KubeProxySettings = z.infer<typeof kubeProxySettingsSchema>;
/** The `conntrack` part of a KubeProxyConfiguration. */
export type ConntrackConfig = z.infer<typeof conntrackSchema>;

const MAX = 'net.netfilter.nf_conntrack_max';
/** kube-proxy's fields, and the sysctls that each of them sets when it starts (cmd/kube-proxy/app/server_linux.go). */
const TIMEOUT_FIELDS = {
  tcpEstablishedTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_established',
  tcpCloseWaitTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  udpTimeout: 'net.netfilter.nf_conntrack_udp_timeout',
  udpStreamTimeout: 'net.netfilter.nf_conntrack_udp_timeout_stream',
} as const;
const TIMEOUTS = Object.entries(TIMEOUT_FIELDS) as readonly [keyof typeof TIMEOUT_FIELDS, string][];

/** What a node wants of kube-proxy: nothing, its own values of these sysctls, or hands off. */
export interface Wish {
  readonly config: 'defaults' | 'wished' | 'untouched';
  readonly sysctls: Readonly<Record<string, number>>;
}

/** The configuration that is wished for. A maximum that is none of the wishes is left alone, as kind does it. */
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

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** The sysctls of a node that a kube-proxy which starts with these settings sets, and to what. */
export function sysctlsSetBy({ conntrack = {} }: KubeProxySettings): Readonly<Record<string, string>> {
  const timeouts = TIMEOUTS.flatMap(([field, sysctl]) => {
    const seconds = secondsOf(conntrack[field] ?? '0s');
    return seconds > 0 ? [[sysctl, String(Math.floor(seconds))] as const] : [];
  });
  const liberal =
    conntrack.tcpBeLiberal === true ? [['net.netfilter.nf_conntrack_tcp_be_liberal', '1'] as const] : [];
  return Object.fromEntries([...timeouts, ...liberal]);
}

function secondsOf(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}
