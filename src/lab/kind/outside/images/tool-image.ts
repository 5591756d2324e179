import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../../../toolchain/programs.ts';
import { copyRootfs } from '../../rootfs.ts';
import { docker } from '../docker.ts';
import { loadInto, nodesWithout } from './node-images.ts';

/** The image that the project's own manifests name. Its tag lets kubelets use it without pulling. */
const TOOL_IMAGE = 'tablefull/agent:local';
/** What scripts in manifests call, as far as this machine has it. */
const PROGRAMS = ['sh', 'cat', 'sleep', 'chroot', 'conntrack', 'ip', 'nft', 'nsenter', 'sysctl'] as const;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Ensures an image with a shell and this machine's own tools on these nodes, for manifests where no registry
 * is reached.
 */
export async function loadToolImage(
  nodes: readonly string[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const there = await docker(['image', 'ls', '--quiet', TOOL_IMAGE], { signal });
  if (there.trim() === '') {
    say(`building the image ${TOOL_IMAGE}, which manifests may use`);
    await build();
  }
  const missing = await nodesWithout(TOOL_IMAGE, nodes, signal);
  if (missing.length > 0) await loadInto(TOOL_IMAGE, missing, signal);
}

async function build(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'tablefull-tools-'));
  try {
    const programs = PROGRAMS.flatMap((name) => findProgram(name, process.env.PATH) ?? []);
    await copyRootfs('/', root, { programs, files: [] });
    await execa('tar', ['-C', root, '-c', '.'], { buffer: false }).pipe('docker', [
      'import',
      '--change',
      `ENV PATH=${PATH}`,
      '-',
      TOOL_IMAGE,
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
}
