/**
 * What a node has beyond its packages: kind's own files, enabled and disabled services, the containers'
 * base spec.
 */
import {
  chmodSync,
  cpSync,
  globSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Shell } from 'zx';
import type { Mirror } from './apt-mirror.ts';

/**
 * The packages of kind's own node image, without those for shared storage; containerd and runc are packages
 * as well here.
 */
export const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'containerd', 'runc'],
  ...['conntrack', 'iptables', 'nftables', 'iproute2', 'ethtool', 'ebtables', 'socat', 'netbase', 'kmod'],
  ...[
    'bash',
    'util-linux',
    'mount',
    'procps',
    'hostname',
    'libseccomp2',
    'pigz',
    'jq',
    'curl',
    'ca-certificates',
  ],
];

/**
 * Unneeded on a node: services and settings of a real machine, and files that are not read in a container.
 */
const UNWANTED = [
  'lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service',
  'lib/systemd/system/multi-user.target.wants/*',
  'lib/systemd/system/local-fs.target.wants/*',
  'lib/systemd/system/sockets.target.wants/*{udev,initctl}*',
  'lib/systemd/system/basic.target.wants/*',
  'etc/systemd/system/*.wants/*',
  // They would apply to the whole machine.
  'usr/lib/sysctl.d/*.conf',
  'var/cache/apt/**/*.{deb,bin}',
  'var/lib/apt/lists/*',
  'var/log/*',
  'usr/share/{doc,man,locale,info}/*',
];

/** kind looks for the cluster's default storage class here, and warns if there is none. */
const STORAGE_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations:
    storageclass.kubernetes.io/is-default-class: 'true'
provisioner: kubernetes.io/host-path
`;

const OCI_SPEC = z.looseObject({
  process: z.looseObject({ rlimits: z.unknown().optional() }),
  hooks: z.looseObject({ createContainer: z.array(z.unknown()).optional() }).optional(),
});

/** The base spec of every container of a node, as kind needs it: with its hook, without resource limits. */
export function criBase(printed: string): string {
  const { process, hooks, ...rest } = OCI_SPEC.parse(JSON.parse(printed));
  const createContainer = [...(hooks?.createContainer ?? []), { path: '/kind/bin/mount-product-files.sh' }];
  const { rlimits: _, ...limited } = process;
  return JSON.stringify({ ...rest, process: limited, hooks: { ...hooks, createContainer } });
}

/** Copies kind's files into the root and makes scripts executable; in a module's sources none is. */
function copyKindFiles(files: string, root: string): void {
  for (const name of globSync('**', { cwd: files })) {
    if (lstatSync(join(files, name)).isDirectory() || name.startsWith('LICENSES')) continue;
    const to = join(root, name);
    rmSync(to, { force: true });
    cpSync(join(files, name), to);
    chmodSync(to, /(^|\/)bin\//.test(name) ? 0o755 : 0o644);
  }
}

/**
 * Makes the root of a node in a folder, from packages. Needs root.
 *
 * @param files the folder of kind's files
 */
export async function makeNodeRootfs(sh: Shell, root: string, files: string, mirror: Mirror) {
  const { suite, url, components } = mirror;
  const wanted = [`--include=${PACKAGES.join(',')}`, `--components=${components.join(',')}`];
  await sh`debootstrap --variant=minbase ${wanted} ${suite} ${root} ${url}`;
  copyKindFiles(files, root);
  for (const folder of ['etc/kubernetes/manifests', 'etc/cni/net.d', 'opt/cni/bin', 'kind/manifests']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'kind/manifests/default-storage.yaml'), STORAGE_CLASS);
  symlinkSync('/usr/bin/containerd', join(root, 'usr/local/bin/containerd'));
  const { stdout } = await sh`chroot ${root} ctr oci spec`;
  writeFileSync(join(root, 'etc/containerd/cri-base.json'), criBase(stdout));
  // Kernel messages are the machine's; each node's journal would copy them.
  writeFileSync(join(root, 'etc/systemd/journald.conf'), '[Journal]\nReadKMsg=no\n');
  for (const name of globSync(UNWANTED, { cwd: root }))
    rmSync(join(root, name), { recursive: true, force: true });
  await sh`chroot ${root} systemctl -q enable kubelet.service containerd.service undo-mount-hacks.service`;
  // It would register things with the machine's kernel.
  await sh`chroot ${root} systemctl -q mask systemd-binfmt.service`;
}
