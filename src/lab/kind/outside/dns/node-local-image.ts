import { together } from '../../../../util/settled.ts';
import { docker } from '../docker.ts';
import { nodesWithout } from '../images/node-images.ts';

/** Below the registry of Kubernetes' images. */
const NODE_LOCAL = 'dns/k8s-dns-node-cache:1.26.7';
const PULLED_WITHIN_MS = 60_000;

/**
 * The image of NodeLocal DNSCache, from the registry of the cluster's CoreDNS.
 *
 * @param coreDns `REGISTRY/coredns/coredns:v1.12.1`
 * @returns undefined where that is not a Kubernetes image
 */
export function nodeLocalImage(coreDns: string): string | undefined {
  const [, registry] = /^(.+)\/coredns\/coredns[:@]/.exec(coreDns) ?? [];
  return registry && `${registry}/${NODE_LOCAL}`;
}

/**
 * Ensures the image on every node, pulling it where missing.
 *
 * @param mayPull false where the node image was built here because nothing can be pulled
 * @returns its name; undefined where it is unavailable
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
  const stop = new AbortController();
  const within = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(PULLED_WITHIN_MS)]);
  const pull = (node: string): Promise<string> =>
    docker(['exec', node, 'crictl', 'pull', image], { signal: within });
  try {
    await together(missing.map(pull), stop);
    return image;
  } catch {
    signal.throwIfAborted();
    say('it can’t be pulled: a CoreDNS replaces NodeLocal DNSCache');
    return undefined;
  }
}
