import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { docker, quoted } from '../docker.ts';

/** For `docker exec NODE …`: containerd's client, with the kubelet's images. */
const CTR = ['ctr', '-n', 'k8s.io', 'images'] as const;

/** The images of a node, by name. */
export async function imagesOn(node: string, signal?: AbortSignal): Promise<readonly string[]> {
  const names = await docker(['exec', node, ...CTR, 'ls', '-q'], signal && { signal });
  return names.split('\n').filter((name) => name !== '');
}

/** Nodes without an image of this name, in any registry. */
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

/** Arguments for `docker` that import an archive from standard input. */
function importInto(node: string): readonly string[] {
  return ['exec', '-i', node, ...CTR, 'import', '--all-platforms', '--digests', '-'];
}

export async function removeFrom(node: string, images: readonly string[]): Promise<void> {
  if (images.length > 0) await docker(['exec', node, ...CTR, 'rm', ...images]);
}

/** Like `kind load`, once for all nodes. */
export async function loadInto(image: string, nodes: readonly string[], signal: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tablefull-image-'));
  try {
    const archive = join(folder, 'image.tar');
    await docker(['save', '-o', archive, image], { signal });
    await Promise.all(
      nodes.map(async (node) => {
        const importing = execa('docker', importInto(node), { inputFile: archive, cancelSignal: signal });
        await quoted(importing, signal);
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
