import { findProgram } from '../../../../toolchain/programs.ts';
import { copyRootfs } from '../../rootfs.ts';
import { loadInto, nodesWithout } from './node-images.ts';
import { buildImage, isBuilt } from './own-image.ts';

/** The image that the project's own manifests name. Its tag lets kubelets use it without pulling. */
const TOOL_IMAGE = 'tablefull/agent:local';
/** What scripts in manifests call, as far as this machine has it. */
const PROGRAMS = ['sh', 'cat', 'sleep', 'chroot', 'conntrack', 'ip', 'nft', 'nsenter', 'sysctl'] as const;

/**
 * Ensures an image with a shell and this machine's own tools on these nodes, for manifests where no registry
 * is reached.
 */
export async function loadToolImage(
  nodes: readonly string[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isBuilt(TOOL_IMAGE, signal))) {
    say(`building the image ${TOOL_IMAGE}, which manifests may use`);
    const programs = PROGRAMS.flatMap((name) => findProgram(name, process.env.PATH) ?? []);
    await buildImage(TOOL_IMAGE, (root) => copyRootfs('/', root, { programs, files: [] }));
  }
  const missing = await nodesWithout(TOOL_IMAGE, nodes, signal);
  if (missing.length > 0) await loadInto(TOOL_IMAGE, missing, signal);
}
