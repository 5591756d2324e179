import { docker } from '../docker.ts';
import { nodesWithout } from '../images/node-images.ts';

/** By the registry of Kubernetes' own images. */
const NODE_LOCAL = 'dns/k8s-dns-node-cache:1.26.7';
const PULLED_WITHIN_MS = 60_000;

/**
 * The image of NodeLocal DNSCache, from wherever the cluster has its CoreDNS.
 *
 * @param coreDns `REGISTRY/coredns/coredns:v1.12.1`
 * @returns undefined where that is none of Kubernetes' own
 */
export function nodeLocalImage(coreDns: string): string | undefined {
  const [, registry] = /^(.+)\/coredns\/coredns[:@]/.exec(coreDns) ?? [];
  return registry && `${registry}/${NODE_LOCAL}`;
}

/**
 * Has that image on every node, pulled where it is not there yet.
 *
 * @param mayPull false where the nodes' own image was built here because none can be pulled
 * @returns its name; undefined where it can't be had
 */
export async function findNodeLocal(
  coreDns: string,
  nodes: readonly string[],
  { mayPull, say }: { readonly mayPull: boolean; readonly say: (line: string) => void },
  signal: AbortSignal,
): Promise<string | undefined> {
  const image = nodeLocalImage(coreDns);
  if (image === undefined) return undefined;
  const missing = await nodesWithout(image, nodes, signal);
  if (missing.length === 0) return image;
  if (!mayPull) return undefined;
  say(`pulling ${image} on ${String(missing.length)} nodes`);
  const within = AbortSignal.any([signal, AbortSignal.timeout(PULLED_WITHIN_MS)]);
  const pull = (node: string): Promise<string> =>
    docker(['exec', node, 'crictl', 'pull', image], { signal: within });
  try {
    await Promise.all(missing.map(pull));
    return image;
  } catch {
    signal.throwIfAborted();
    say('it can’t be pulled: a CoreDNS stands in NodeLocal DNSCache’s place');
    return undefined;
  }
}
