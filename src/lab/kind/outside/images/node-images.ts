import { docker } from '../docker.ts';

/** For `docker exec NODE …`: containerd's own client, at the images that the kubelet sees. */
const CTR = ['ctr', '-n', 'k8s.io', 'images'] as const;

/** The images of a node, by name. */
export async function imagesOn(node: string, signal?: AbortSignal): Promise<readonly string[]> {
  const names = await docker(['exec', node, ...CTR, 'ls', '-q'], signal && { signal });
  return names.split('\n').filter((name) => name !== '');
}

/** Those of the nodes that have no image of this name, whatever registry it is of. */
export async function nodesWithout(
  image: string,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const without = await Promise.all(
    nodes.map(async (node) =>
      (await imagesOn(node, signal)).some((name) => name.endsWith(image)) ? [] : [node],
    ),
  );
  return without.flat();
}

/** What imports an archive from its standard input, for `docker`. */
export function importInto(node: string): readonly string[] {
  return ['exec', '-i', node, ...CTR, 'import', '--all-platforms', '--digests', '-'];
}

export async function removeFrom(node: string, images: readonly string[]): Promise<void> {
  if (images.length > 0) await docker(['exec', node, ...CTR, 'rm', ...images]);
}
