import { NODE_DNS } from '../../agent/network.ts';
import { pluginLine, pluginOf, serversIn, withOptions } from '../../manifest/corefile-text.ts';

/** Metrics ports: CoreDNS's in kubeadm's Corefile, and a node cache's in ours. */
export const COREDNS_METRICS = 9153;
export const CACHE_METRICS = 9253;

/** Defaults of the plug-in `cache`: lowest TTL, s; capacity, entries; longest TTL, s. */
const CACHE_LEAST = 5;
const CACHE_CAPACITY = 9984;
const CACHE_MOST = 30;
const TTL = /^ttl \d+$/;

/**
 * The Corefile of a run: the cluster's own, which forwards to its pod's resolv.conf.
 *
 * @param ttl of an answer, s
 * @throws Error where it forwards elsewhere, or sets no TTL
 */
export function runCorefile(own: string, ttl: number): string {
  const forwards = serversIn(own).flatMap(({ plugins }) =>
    plugins.filter(({ words }) => words[0] === 'forward'),
  );
  if (forwards.map(({ words }) => words.join(' ')).join() !== 'forward . /etc/resolv.conf')
    throw new Error(
      'the Corefile of the cluster’s CoreDNS does not forward to /etc/resolv.conf alone, so queries might leave the cluster',
    );
  return withTtl(own, ttl);
}

/**
 * The same Corefile with another TTL for every record of the cluster. The plug-in `cache` raises each TTL to 5
 * s, even in zones it is disabled for (`disable`). So its lowest TTL is set too.
 */
export function withTtl(corefile: string, seconds: number): string {
  const kubernetes = findPlugin(corefile, 'kubernetes');
  if (kubernetes?.options.some((option) => TTL.test(option)) !== true)
    throw new Error('the Corefile of the cluster’s CoreDNS has no line `ttl`');
  const options = kubernetes.options.map((option) => (TTL.test(option) ? `ttl ${String(seconds)}` : option));
  const set = withOptions(corefile, kubernetes, options);
  return seconds >= CACHE_LEAST ? set : withLeast(set, seconds);
}

/** The same Corefile with this lowest TTL of its cache, s. */
function withLeast(corefile: string, seconds: number): string {
  const cache = findPlugin(corefile, 'cache', 'kubernetes');
  if (cache === undefined) return corefile;
  const least = [CACHE_CAPACITY, CACHE_MOST, seconds].join(' ');
  return withOptions(corefile, cache, [...cache.options, `success ${least}`, `denial ${least}`]);
}

/** The same Corefile with these options of its plug-in `forward`, replacing the current ones. */
export function withForward(corefile: string, options: readonly string[]): string {
  const forward = findPlugin(corefile, 'forward');
  return forward === undefined ? corefile : withOptions(corefile, forward, options);
}

/** @param beside a plug-in of the same server */
function findPlugin(corefile: string, name: string, beside = name) {
  const server = serversIn(corefile).find((each) => pluginOf(each, beside) !== undefined);
  return server && pluginOf(server, name);
}

/** A line of a Corefile, with its block; empty where there is none. */
export type CorefileLine = (corefile: string) => string;

/** The line that sets the TTL. */
export const TTL_LINE: CorefileLine = (corefile) =>
  findPlugin(corefile, 'kubernetes')?.options.find((option) => TTL.test(option)) ?? '';

/** The plug-in that forwards. */
export const FORWARD_LINE: CorefileLine = (corefile) => {
  const forward = findPlugin(corefile, 'forward');
  return forward === undefined ? '' : pluginLine(forward);
};

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
