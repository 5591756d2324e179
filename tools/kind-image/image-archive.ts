import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Shell } from 'zx';

/** An image of one layer. */
export interface ArchivedImage {
  /** Its full name with a tag. */
  readonly name: string;
  readonly entrypoint: readonly string[];
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** A machine's architecture as images name it. */
export const imageArchitecture = (arch: string = process.arch): string => ARCHITECTURES[arch] ?? arch;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The configuration of an image with one layer. */
export function imageConfig(entrypoint: readonly string[], layer: string, architecture: string): string {
  return JSON.stringify({
    architecture,
    os: 'linux',
    config: {
      Entrypoint: entrypoint,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
  });
}

/**
 * Images in one archive, as `docker save` writes it. Docker does not write it: the images have names that
 * the user's Docker may hold, and must not replace those.
 */
export class ImageArchive {
  readonly #folder: string;
  readonly #entries: { Config: string; RepoTags: string[]; Layers: string[] }[] = [];

  /** @param folder its content is deleted */
  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Adds an image of a folder's content, as root's files. */
  async add(sh: Shell, { name, entrypoint }: ArchivedImage, rootfs: string): Promise<void> {
    const unnamed = join(this.#folder, 'layer.tar');
    await sh`tar -C ${rootfs} --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf ${unnamed} .`;
    const layer = await sha256(unnamed);
    const config = imageConfig(entrypoint, layer, imageArchitecture());
    const id = createHash('sha256').update(config).digest('hex');
    const file = `${layer}.tar.gz`;
    // A third of the size; each node of a cluster gets a copy.
    await sh`gzip -1 -n -c ${unnamed} > ${join(this.#folder, file)}`;
    rmSync(unnamed);
    writeFileSync(join(this.#folder, `${id}.json`), config);
    this.#entries.push({ Config: `${id}.json`, RepoTags: [name], Layers: [file] });
  }

  /**
   * Writes the archive's table of contents. Afterwards the folder holds exactly the content of the tar
   * file.
   */
  finish(): void {
    writeFileSync(join(this.#folder, 'manifest.json'), JSON.stringify(this.#entries));
  }
}
