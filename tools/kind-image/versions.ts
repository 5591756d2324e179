import { KUBE_PROXY_VERSION } from '../../src/toolchain/kube-proxy.ts';
import type { GoBuild, GoModule } from '../go-module.ts';

/** What the image is made of; all without the `v`. */
export const VERSIONS = {
  kubernetes: KUBE_PROXY_VERSION,
  kind: '0.33.0',
  etcd: '3.6.5',
  coredns: '1.14.3',
  cni: '1.9.1',
} as const;

export const NODE_IMAGE = `tablefull/node:v${VERSIONS.kubernetes}`;

/** Where the base of the node image is kept; its layers are the node image's own, so it takes no room. */
export const BASE_IMAGE = 'tablefull/node-base';

/** One run of `go build`. */
export interface Build extends GoModule {
  readonly how?: GoBuild;
  /** The name of the one program, where Go would name it by its folder. */
  readonly as?: string;
}

const KUBERNETES = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubeadm',
  'kubectl',
];
const CNI = ['main/ptp', 'main/loopback', 'ipam/host-local', 'meta/portmap'];

const VERSION_PACKAGE = 'k8s.io/component-base/version';
const [major = '', minor = ''] = VERSIONS.kubernetes.split('.');

/** All that is built from Go modules, by the name of its step: in one run where the programs share most of their code. */
export const BUILDS = {
  kubernetes: {
    path: 'k8s.io/kubernetes',
    version: VERSIONS.kubernetes,
    programs: KUBERNETES.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    how: {
      // Those of Kubernetes' own builds: without them the programs are larger.
      tags: ['selinux', 'notest', 'grpcnotrace'],
      variables: {
        [`${VERSION_PACKAGE}.gitVersion`]: `v${VERSIONS.kubernetes}`,
        [`${VERSION_PACKAGE}.gitMajor`]: major,
        [`${VERSION_PACKAGE}.gitMinor`]: minor,
      },
    },
  },
  kind: { path: 'sigs.k8s.io/kind', version: VERSIONS.kind, programs: ['sigs.k8s.io/kind'] },
  etcd: {
    path: 'go.etcd.io/etcd/server/v3',
    version: VERSIONS.etcd,
    programs: ['go.etcd.io/etcd/server/v3'],
    as: 'etcd',
  },
  coredns: {
    path: 'github.com/coredns/coredns',
    version: VERSIONS.coredns,
    programs: ['github.com/coredns/coredns'],
  },
  cni: {
    path: 'github.com/containernetworking/plugins',
    version: VERSIONS.cni,
    programs: CNI.map((name) => `github.com/containernetworking/plugins/plugins/${name}`),
  },
} as const satisfies Record<string, Build>;

/** The component images of a cluster, by the program in each. */
export const COMPONENTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
  'coredns',
  'pause',
] as const;

export type Component = (typeof COMPONENTS)[number];

/**
 * The image that kubeadm asks for by component, of what `kubeadm config images list` prints. Ours get those very names,
 * so that no cluster configuration has to name others.
 *
 * @throws Error where it does not ask for one of them
 */
export function imageNames(printed: string): Record<Component, string> {
  const asked = new Map(
    printed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes(':'))
      .map((name) => [name.slice(name.lastIndexOf('/') + 1, name.lastIndexOf(':')), name]),
  );
  const nameOf = (component: Component): string => {
    const name = asked.get(component);
    if (name === undefined) throw new Error(`kubeadm asks for no image of ${component}`);
    return name;
  };
  return {
    'kube-apiserver': nameOf('kube-apiserver'),
    'kube-controller-manager': nameOf('kube-controller-manager'),
    'kube-scheduler': nameOf('kube-scheduler'),
    'kube-proxy': nameOf('kube-proxy'),
    etcd: nameOf('etcd'),
    coredns: nameOf('coredns'),
    pause: nameOf('pause'),
  };
}
