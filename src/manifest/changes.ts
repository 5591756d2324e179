import { ENTRIES_A_BUCKET, KUBE_PROXY, roundedBuckets } from '../kernel/sizing.ts';
import { EVERY_NODE, type Change } from '../change/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import { sysctlsSetBy, type KubeProxySettings } from '../change/kube-proxy-settings.ts';
import { inTimeOf } from '../remedy/shorter-timeouts.ts';
import type { Measured } from '../remedy/remedy.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Effect, Kernel, NftChain } from './effect.ts';
import { squeezeOf } from '../change/kinds/squeeze.ts';
import { BUCKETS, MAX } from '../kernel/table-names.ts';

/** The lab that a manifest is translated for. */
export interface LabOfManifest {
  /** Whether kube-proxy and CoreDNS are there. */
  readonly cluster: boolean;
  readonly squeeze: Squeeze;
}

/** Where a manifest's effects are to be had. */
export interface Target {
  readonly lab: LabOfManifest;
  readonly protocol: Protocol;
  readonly kernel: Kernel;
  /** What the symptom's phases measured; undefined before the run. */
  readonly measured: Measured | undefined;
}

/** Changes that have an effect, in words; or why this lab has none. */
type Translated = Effective | { readonly why: string };

export interface Effective {
  readonly changes: readonly Change[];
  readonly means: string;
  /** Where `means` begins with a setting: that setting, and the rest, for a line that has said it already. */
  readonly set?: { readonly setting: string; readonly how: string };
}

const NO_KUBE_PROXY = 'no kube-proxy runs in this lab; use --lab kind';
const NO_COREDNS = 'this lab’s DNS is not CoreDNS; use --lab kind';

/** The changes of this lab that have the same effect. */
export function changesOf(effect: Effect, target: Target): Translated {
  const { protocol, lab } = target;
  switch (effect.kind) {
    case 'sysctl':
      return sysctl(effect, target);
    case 'pod-sysctl': {
      const load = protocol.background[protocol.client] ?? protocol.demand;
      if (!('pods' in load)) return { why: 'this scenario’s demand has no pods' };
      const { name, value } = effect;
      const changes: readonly Change[] = [{ kind: 'pod-sysctl', pods: load.pods, name, value }];
      return setting(changes, `${name}=${value}`, ' ', `in each pod of ${load.pods}`);
    }
    case 'nft':
      return {
        changes: [nftOf(effect)],
        means: `the same rules on every node, hook ${effect.hook}`,
      };
    case 'resolver': {
      if (protocol.demand.kind === 'dns-race' && effect.options.includes('single-request-reopen'))
        return {
          changes: [{ kind: 'load', set: { sockets: 'each' } }],
          means: 'A and AAAA from a socket each',
        };
      if (protocol.topology.resolver === undefined)
        return { why: 'no pod of this scenario has a resolv.conf' };
      const options = [...effect.options];
      return {
        changes: [{ kind: 'resolver', options }],
        means: `options ${options.join(' ')} in every pod’s resolv.conf`,
      };
    }
    case 'kube-proxy':
      return lab.cluster && !setsMaximum(effect.set)
        ? {
            changes: [{ kind: 'kube-proxy', set: effect.set }],
            means: 'the same in the cluster’s own kube-proxy, which is restarted',
          }
        : withoutKubeProxy(effect.set, target);
    case 'coredns-forward':
      return lab.cluster
        ? {
            changes: [{ kind: 'coredns-forward', options: [...effect.options] }],
            means: 'the same in the run’s CoreDNS',
          }
        : { why: NO_COREDNS };
    case 'record-ttl':
      return {
        changes: [{ kind: 'record-ttl', seconds: effect.seconds }],
        means: `the cluster’s DNS answers with a TTL of ${String(effect.seconds)} s`,
      };
    case 'node-dns':
      return {
        changes: [{ kind: 'node-dns', notrack: effect.notrack }],
        means: `a DNS cache on every node${effect.notrack ? ', not tracked' : ''}, which every pod asks`,
      };
  }
}

function nftOf({ type, hook, priority, rules }: NftChain): Change {
  const nat = type === 'nat' && { type };
  return { kind: 'nft', node: EVERY_NODE, ...nat, hook, priority, rules: [...rules] };
}

function sysctl({ name, value }: Extract<Effect, { kind: 'sysctl' }>, target: Target): Translated {
  const { protocol, kernel } = target;
  if (name === MAX) return maximum(value, target);
  if (name === BUCKETS) return buckets(value, target);
  if (!kernel.isOfNamespace(name))
    return { why: 'no node of a lab has its own: it is the whole machine’s, or an interface’s' };
  const scaled = inTimeOf(protocol, name, value);
  const how = scaled === value ? '' : ` (${String(value)} in the scenario’s shortened time)`;
  const changes: readonly Change[] = [{ kind: 'sysctl', node: EVERY_NODE, name, value: scaled }];
  return setting(changes, `${name}=${String(scaled)}`, ' ', `on every node${how}`);
}

/** A node can't write the maximum: it is the machine's. Lowering it would harm others than the lab. */
function maximum(value: number, target: Target): Translated {
  const limit = target.measured?.limit ?? squeezedTo(target) ?? Number(target.kernel.readSysctl(MAX));
  const said = `nf_conntrack_max is ${String(limit)}`;
  if (value < limit) return { why: `${said} here already, and a lab does not lower it` };
  if (value === limit) return { changes: [], means: `${said} here already: nothing changes` };
  const changes: readonly Change[] = [{ kind: 'limit', add: value - limit }];
  return setting(changes, `nf_conntrack_max=${String(value)}`, ', ', `instead of ${String(limit)}`);
}

function buckets(value: number, target: Target): Translated {
  const squeezed = target.lab.squeeze === 'sysctl' ? squeezedTo(target) : undefined;
  const now =
    squeezed === undefined
      ? Number(target.kernel.readSysctl(BUCKETS))
      : roundedBuckets(squeezed / ENTRIES_A_BUCKET);
  const said = `nf_conntrack_buckets is ${String(now)}`;
  if (value === now) return { changes: [], means: `${said} here already: nothing changes` };
  const changes: readonly Change[] = [{ kind: 'buckets', times: value / now }];
  return setting(changes, `nf_conntrack_buckets=${String(value)}`, ', ', `instead of ${String(now)}`);
}

function setting(changes: readonly Change[], text: string, joined: ' ' | ', ', how: string): Effective {
  return { changes, means: `${text}${joined}${how}`, set: { setting: text, how } };
}

/** The maximum that the scenario's squeeze sets; undefined where it takes room by ballast, or not at all. */
function squeezedTo({ lab, protocol: { fault, prepare } }: Target): number | undefined {
  if (lab.squeeze !== 'sysctl' && lab.squeeze !== 'netns-sysctl') return undefined;
  return [fault, ...prepare].flatMap((change) => squeezeOf(change)?.free ?? [])[0];
}

/**
 * Whether these settings have a maximum. A node of a lab can't write its own, so kube-proxy would not start
 * there: the lab raises the machine's in its place.
 */
export function setsMaximum({ conntrack }: KubeProxySettings): boolean {
  return conntrack?.maxPerCore !== undefined || conntrack?.min !== undefined;
}

/** What kube-proxy would set on a node when it starts (cmd/kube-proxy/app/conntrack.go). */
function withoutKubeProxy(set: KubeProxySettings, target: Target): Translated {
  const { conntrack } = set;
  if (conntrack === undefined) return { why: NO_KUBE_PROXY };
  const { demand } = target.protocol;
  const sysctls = Object.entries(sysctlsSetBy(set));
  if (demand.kind === 'settings') return forSettings(sysctls, demand.sysctls);
  const { maxPerCore, min } = conntrack;
  if (maxPerCore === 0 && min !== undefined)
    return { why: 'maxPerCore: 0 makes kube-proxy leave the maximum alone, whatever min says' };
  if (maxPerCore === 0) return { why: 'maxPerCore: 0 leaves the maximum alone, as every lab does' };
  const max = maxOf(conntrack, target.kernel.cores);
  const each = [
    ...(max === undefined ? [] : [sysctl({ kind: 'sysctl', name: MAX, value: max }, target)]),
    ...sysctls.map(([name, value]) => sysctl({ kind: 'sysctl', name, value: Number(value) }, target)),
  ].flatMap((translated) => ('why' in translated ? [] : [translated]));
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
