import { NODE_DNS } from '../../agent/network.ts';

/** Metrics ports: CoreDNS's in kubeadm's Corefile, and a node cache's in ours. */
export const COREDNS_METRICS = 9153;
export const CACHE_METRICS = 9253;

const FORWARD = /^([ \t]*)forward \. \/etc\/resolv\.conf\b/m;
const FORWARD_BLOCK = /^([ \t]*)forward (\. [^\s{]+)(?:[ \t]*\{[^}]*\})?/m;
/** The plugin `cache`, with its block if any. */
const CACHE = /^([ \t]*)cache( \d+)?(?:[ \t]*\{([^}]*)\})?/m;
/** Defaults of the plugin: lowest TTL, s; capacity, entries; longest TTL, s. */
const CACHE_LEAST = 5;
const CACHE_CAPACITY = 9984;
const CACHE_MOST = 30;
const TTL = /^([ \t]*)ttl \d+[ \t]*$/m;

/**
 * The Corefile of a run: the cluster's own, which forwards to its pod's resolv.conf.
 *
 * @param ttl of an answer, s
 * @throws Error where it forwards elsewhere, or sets no TTL
 */
export function runCorefile(own: string, ttl: number): string {
  const forwards = own.match(/^[ \t]*forward /gm)?.length ?? 0;
  if (forwards !== 1 || !FORWARD.test(own))
    throw new Error(
      'the Corefile of the cluster’s CoreDNS does not forward to /etc/resolv.conf alone, so queries might leave the cluster',
    );
  return withTtl(own, ttl);
}

/**
 * The same Corefile with another TTL for every record of the cluster. The plugin `cache` raises each TTL to 5
 * s, even in zones it is disabled for (`disable`). So its lowest TTL is set too.
 */
export function withTtl(corefile: string, seconds: number): string {
  if (!TTL.test(corefile)) throw new Error('the Corefile of the cluster’s CoreDNS has no line `ttl`');
  const set = corefile.replace(TTL, `$1ttl ${String(seconds)}`);
  if (seconds >= CACHE_LEAST) return set;
  const least = (of: string, indent: string): string =>
    `${indent}   ${of} ${String(CACHE_CAPACITY)} ${String(CACHE_MOST)} ${String(seconds)}\n`;
  return set.replace(
    CACHE,
    (_, indent: string, most: string, block = '\n') =>
      `${indent}cache${most} {${String(block).trimEnd()}\n${least('success', indent)}${least('denial', indent)}${indent}}`,
  );
}

/** The same Corefile with these options of its plugin `forward`, replacing the current ones. */
export function withForward(corefile: string, options: readonly string[]): string {
  return corefile.replace(
    FORWARD_BLOCK,
    (_, indent: string, to: string) =>
      `${indent}forward ${to} {\n${options.map((option) => `${indent}   ${option}\n`).join('')}${indent}}`,
  );
}

/** A line of a Corefile, with its block; empty where there is none. */
export type CorefileLine = (corefile: string) => string;

/** The lines that set the TTL, and forwarding. */
export const TTL_LINE = lineOf(TTL);
export const FORWARD_LINE = lineOf(FORWARD_BLOCK);

function lineOf(pattern: RegExp): CorefileLine {
  return (corefile) => (pattern.exec(corefile)?.[0] ?? '').trim().replaceAll(/\s+/g, ' ');
}

/**
 * The Corefile of a node's cache: NodeLocal DNSCache's without `loop`, whose own query would need an entry.
 */
export function cacheCorefile(kubeDns: string): string {
  const zone = (name: string, cache: string, forward: string): string => `${name}:53 {
    errors
    ${cache}
    reload
    bind ${NODE_DNS}
    forward . ${forward}
    prometheus ${NODE_DNS}:${String(CACHE_METRICS)}
}
`;
  const toKubeDns = `${kubeDns} {\n        force_tcp\n    }`;
  return [
    zone('cluster.local', 'cache {\n        success 9984 30\n        denial 9984 5\n    }', toKubeDns),
    zone('in-addr.arpa', 'cache 30', toKubeDns),
    zone('ip6.arpa', 'cache 30', toKubeDns),
    zone('.', 'cache 30', '/etc/resolv.conf'),
  ].join('');
}
