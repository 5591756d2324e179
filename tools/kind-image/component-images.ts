import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { ImageArchive } from './image-archive.ts';
import { installPrograms, ownPrograms, programs } from './programs.ts';
import { COMPONENTS, type Component, VERSIONS, imageNames } from './versions.ts';

/** The folder of a component's built program. */
function folderOf(component: Component): string {
  if (component === 'pause') return ownPrograms();
  if (component === 'etcd' || component === 'coredns') return programs(component);
  return programs('kubernetes');
}

/** kubeadm's names for the images of a cluster of this version. */
export async function wantedNames(sh: Shell): Promise<Record<Component, string>> {
  const kubeadm = join(programs('kubernetes'), 'kubeadm');
  const { stdout } = await sh`${kubeadm} config images list --kubernetes-version v${VERSIONS.kubernetes}`;
  return imageNames(stdout);
}

/**
 * Writes one archive with an image of each component: its program, and for kube-proxy the programs it
 * calls.
 *
 * @param network a tar file with the programs that kube-proxy calls
 */
export async function componentImages(sh: Shell, archive: string, network: string): Promise<void> {
  const names = await wantedNames(sh);
  const images = new ImageArchive(archive);
  for (const component of COMPONENTS) {
    const rootfs = join(archive, 'rootfs');
    mkdirSync(join(rootfs, 'etc'), { recursive: true });
    if (component === 'kube-proxy') await sh`tar -C ${rootfs} -xf ${network}`;
    installPrograms(folderOf(component), [component], join(rootfs, 'usr/local/bin'));
    mkdirSync(join(rootfs, 'tmp'), { recursive: true });
    chmodSync(join(rootfs, 'tmp'), 0o1777);
    writeFileSync(join(rootfs, 'etc/passwd'), 'root:x:0:0:root:/:/sbin/nologin\n');
    await images.add(sh, { name: names[component], entrypoint: [`/usr/local/bin/${component}`] }, rootfs);
    rmSync(rootfs, { recursive: true });
  }
  images.finish();
}
