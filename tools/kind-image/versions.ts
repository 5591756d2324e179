import { KUBE_PROXY_VERSION } from '../../src/toolchain/kube-proxy.ts';
import type { GoBuild, GoModule } from '../go-module.ts';

/** The versions of the image's parts, without the `v`. */
export const VERSIONS = {
  kubernetes: KUBE_PROXY_VERSION,
  kind: '0.33.0',
  etcd: '3.6.5',
  coredns: '1.14.3',
  cni: '1.9.1',
} as const;

export const NODE_IMAGE = `tablefull/node:v${VERSIONS.kubernetes}`;

/** The base of the node image; the node image shares its layers, so it takes no extra room. */
export const BASE_IMAGE = 'tablefull/node-base';

/** One run of `go build`. */
export interface Build extends GoModule {
  readonly how?: GoBuild;
  /** The program's name, if it differs from its folder's. */
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

/**
 * All builds from Go modules, by the name of their step. Programs that share most of their code are built
 * in one run.
 */
export const BUILDS = {
  kubernetes: {
    path: 'k8s.io/kubernetes',
    version: VERSIONS.kubernetes,
    programs: KUBERNETES.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    how: {
      // The tags of Kubernetes' own builds: without them the programs are larger.
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
 * kubeadm's image name for each component, from the output of `kubeadm config images list`. Our images use
 * these names, so a cluster configuration need not name others.
 *
 * @throws Error if a component is not in the list
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
    if (name === undefined) throw new Error(`kubeadm lists no image of ${component}`);
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
