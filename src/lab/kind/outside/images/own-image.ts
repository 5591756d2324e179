import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { docker, quoted } from '../docker.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Whether this machine has an image. */
export async function isBuilt(image: string, signal: AbortSignal): Promise<boolean> {
  return (await docker(['image', 'ls', '--quiet', image], { signal })).trim() !== '';
}

/** Makes an image of what `fill` puts into an empty folder. */
export async function buildImage(image: string, fill: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'tablefull-image-'));
  try {
    await fill(root);
    // Piped, since the image exceeds the buffer of a command's output.
    const importing = ['import', '--change', `ENV PATH=${PATH}`, '-', image];
    await quoted(execa('tar', ['-C', root, '-c', '.'], { buffer: false }).pipe('docker', importing));
  } finally {
    rmSync(root, { recursive: true });
  }
}
