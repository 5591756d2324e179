import { sysctlsSetBy, type KubeProxySettings } from '../../change/kube-proxy-settings.ts';
import { KUBE_PROXY } from '../../kernel/sizing.ts';
import { MAX } from '../../kernel/table-names.ts';
import { changesOf, defineEffect, type Target, type Translated } from '../effect.ts';
import { sysctl } from './sysctl.ts';

/** Settings of the cluster's kube-proxy. */
export const kubeProxy = defineEffect<KubeProxySettings>({
  changes: (set, target) =>
    target.lab.cluster && !setsMaximum(set)
      ? {
          changes: [{ kind: 'kube-proxy', set }],
          means: 'the same in the cluster’s own kube-proxy, which is restarted',
        }
      : withoutKubeProxy(set, target),
  // One restart for all settings that kube-proxy makes itself.
  atOnce: { has: (set) => !setsMaximum(set), all: merged },
});

/**
 * Whether these settings have a maximum. A node of a lab can't write its own, so kube-proxy would not start
 * there: the lab raises the machine's in its place.
 */
function setsMaximum({ conntrack }: KubeProxySettings): boolean {
  return conntrack?.maxPerCore !== undefined || conntrack?.min !== undefined;
}

/** Several settings as one. */
function merged(all: readonly KubeProxySettings[]): KubeProxySettings {
  return all.reduce<KubeProxySettings>(
    (sum, { conntrack, iptables, nftables, mode }) => ({
      ...sum,
      ...(mode !== undefined && { mode }),
      ...(conntrack !== undefined && { conntrack: { ...sum.conntrack, ...conntrack } }),
      ...(iptables !== undefined && { iptables: { ...sum.iptables, ...iptables } }),
      ...(nftables !== undefined && { nftables: { ...sum.nftables, ...nftables } }),
    }),
    {},
  );
}

/** What kube-proxy would set on a node when it starts (cmd/kube-proxy/app/conntrack.go). */
function withoutKubeProxy(set: KubeProxySettings, target: Target): Translated {
  const { conntrack } = set;
  if (conntrack === undefined) return { why: 'no kube-proxy runs in this lab; use --lab kind' };
  const { demand } = target.protocol;
  const sysctls = Object.entries(sysctlsSetBy(set));
  if (demand.kind === 'settings') return forSettings(sysctls, demand.sysctls);
  const { maxPerCore, min } = conntrack;
  if (maxPerCore === 0 && min !== undefined)
    return { why: 'maxPerCore: 0 makes kube-proxy leave the maximum alone, whatever min says' };
  if (maxPerCore === 0) return { why: 'maxPerCore: 0 leaves the maximum alone, as every lab does' };
  const max = maxOf(conntrack, target.kernel.cores);
  const each = [...(max === undefined ? [] : [[MAX, max] as const]), ...sysctls]
    .map(([name, value]) => changesOf(sysctl({ name, value: Number(value) }), target))
    .flatMap((translated) => ('why' in translated ? [] : [translated]));
  if (each.length === 0) return { why: 'kube-proxy leaves the setting as it is' };
  const greater =
    max === undefined || min === undefined
      ? ''
      : `the greater of min and maxPerCore × ${String(target.kernel.cores)} cores: `;
  return {
    changes: each.flatMap(({ changes }) => changes),
    means: `${greater}${each.map(({ means }) => means).join(', ')}`,
  };
}

function maxOf(
  { maxPerCore, min }: NonNullable<KubeProxySettings['conntrack']>,
  cores: number,
): number | undefined {
  if (maxPerCore === undefined && min === undefined) return undefined;
  return Math.max((maxPerCore ?? KUBE_PROXY.perCore) * cores, min ?? KUBE_PROXY.min);
}

/** A demand of settings starts kube-proxy itself, with its values or without them. */
function forSettings(
  sysctls: readonly (readonly [string, string])[],
  wished: Readonly<Record<string, number>>,
): Translated {
  const other = sysctls.find(([name, value]) => wished[name] !== undefined && String(wished[name]) !== value);
  if (other !== undefined)
    return { why: `${other.join('=')}: this scenario’s nodes have ${String(wished[other[0]])}` };
  if (!sysctls.some(([name]) => wished[name] !== undefined))
    return { why: 'this scenario sets none of these' };
  return {
    changes: [{ kind: 'load', set: { config: 'wished' } }],
    means: 'kube-proxy starts with these values in its configuration',
  };
}
