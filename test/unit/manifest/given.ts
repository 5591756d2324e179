import { manifestRemedy } from '../../../src/manifest/as-remedy.ts';
import type { LabOfManifest } from '../../../src/manifest/effect.ts';
import { readDocuments } from '../../../src/manifest/documents.ts';
import type { Kernel } from '../../../src/manifest/effect.ts';
import type { Remedy } from '../../../src/remedy/remedy.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';
import type { ManifestReport } from '../../../src/schema/manifest-report.ts';
import saturate from '../../../scenarios/saturate.ts';
import { ENVIRONMENT } from '../support/environment.ts';

export const SATURATE: Protocol = saturate.protocol({}, ENVIRONMENT);
const NETNS: LabOfManifest = { cluster: false, squeeze: 'ballast' };

const GLOBAL: Readonly<Record<string, string>> = {
  'net.netfilter.nf_conntrack_max': '262144',
  'net.nf_conntrack_max': '262144',
  'net.netfilter.nf_conntrack_buckets': '65536',
  'net.core.netdev_max_backlog': '1000',
};
const OF_NAMESPACE = /^net\.(netfilter\.nf_conntrack_(tcp|udp|icmp)_\w+|core\.somaxconn|ipv4\.\S+)$/;

/** A kernel of two cores that has the usual names. */
export const KERNEL: Kernel = {
  cores: 2,
  hasSysctl: (name) => name in GLOBAL || OF_NAMESPACE.test(name),
  isOfNamespace: (name) => OF_NAMESPACE.test(name),
  readSysctl: (name) => GLOBAL[name] ?? '1',
};

/** A manifest's text as a remedy of the embedded lab. */
export function remedyOf(text: string, lab = NETNS): Remedy {
  return manifestRemedy({ name: 'given', documents: readDocuments(text, 'given.yaml'), lab, kernel: KERNEL });
}

export function reportOf(text: string, protocol = SATURATE, lab = NETNS): ManifestReport {
  const report = remedyOf(text, lab).manifest?.(protocol);
  if (report === undefined) throw new Error('it has no report');
  return report;
}

/** A DaemonSet on its nodes' network with a privileged init container that runs a script. */
export function daemonSet(script: string, { pod = 'hostNetwork: true', container = '' } = {}): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: tune, namespace: kube-system }
spec:
  selector: { matchLabels: { app: tune } }
  template:
    metadata: { labels: { app: tune } }
    spec:
      ${pod}
      initContainers:
        - name: set
          image: busybox
          ${container === '' ? 'securityContext: { privileged: true }' : container}
          command: ['sh', '-c', ${JSON.stringify(script)}]
      containers: [{ name: pause, image: registry.k8s.io/pause:3.10 }]
`;
}
