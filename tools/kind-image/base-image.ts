import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { copyRootfs } from '../../src/lab/kind/rootfs.ts';
import { findMirror } from './apt-mirror.ts';
import { contentKey, result, resultFolder, sources } from './cache.ts';
import { PACKAGES, makeNodeRootfs } from './node-rootfs.ts';
import { kindFiles } from './programs.ts';
import { BASE_IMAGE, BUILDS } from './versions.ts';

const SCRIPTS = ['base-image.ts', 'node-rootfs.ts', 'apt-mirror.ts', '../../src/lab/kind/rootfs.ts'];

/** The programs that kube-proxy calls, in both of its modes; iptables finds its extensions by name. */
const NETWORK = {
  programs: [
    ...['iptables', 'iptables-save', 'iptables-restore'].flatMap((name) => [
      `/usr/sbin/${name}`,
      `/usr/sbin/${name.replace('ip', 'ip6')}`,
    ]),
    ...['/usr/sbin/nft', '/usr/sbin/conntrack', '/usr/sbin/modprobe', '/usr/bin/ip'],
  ],
  files: ['/usr/lib/*/xtables/*.so', '/etc/{protocols,services,nsswitch.conf,xtables.conf}'],
};

/** Read once, as all keys are, so that edits during a run do not matter. */
export const BASE_KEY = contentKey({ kind: BUILDS.kind, PACKAGES }, sources(import.meta.dirname, ...SCRIPTS));

/** The image with everything of a node but Kubernetes. */
export const BASE = `${BASE_IMAGE}:${BASE_KEY}`;

/** A tar file with the programs that kube-proxy's image also needs. */
export const NETWORK_PROGRAMS = join(resultFolder('base', BASE_KEY), 'network.tar');

/** Whether image and tar file exist; the image may have been deleted by hand. */
export async function hasBase(sh: Shell): Promise<boolean> {
  if (!existsSync(NETWORK_PROGRAMS)) return false;
  return (await sh({ nothrow: true })`docker image inspect --format ${'{{.Id}}'} ${BASE}`).exitCode === 0;
}

/** Makes the base image and the tar file, and deletes its work folder. Needs root. */
export async function makeBase(sh: Shell): Promise<void> {
  const [mirror, files] = [await findMirror(sh), await kindFiles(sh)];
  const before = resultFolder('base', BASE_KEY);
  // Left by a killed run: rmSync must not walk into them.
  for (const mounted of ['proc', 'sys'])
    await sh({ nothrow: true })`umount ${join(`${before}.new`, 'rootfs', mounted)}`;
  rmSync(before, { recursive: true, force: true });
  await result('base', BASE_KEY, async (folder) => {
    const [root, network] = [join(folder, 'rootfs'), join(folder, 'network')];
    await makeNodeRootfs(sh, root, files, mirror);
    mkdirSync(network);
    await copyRootfs(root, network, NETWORK);
    await sh`tar -C ${network} -cf ${join(folder, 'network.tar')} .`;
    await sh`tar -C ${root} -c . | docker import --change ${'ENV container=docker'} - ${BASE}`;
    const held = (await sh`docker image ls --format ${'{{.Repository}}:{{.Tag}}'} ${BASE_IMAGE}`).stdout
      .trim()
      .split('\n');
    await sh({ nothrow: true })`docker image rm ${held.filter((name) => name !== BASE)}`;
    for (const work of [root, network]) rmSync(work, { recursive: true });
  });
}
