import { kubeProxyStart } from '../src/fault/kube-proxy-start.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { KUBE_PROXY_VERSIONS } from '../src/toolchain/kube-proxy.ts';

const MAX = 'net.netfilter.nf_conntrack_max';
/** kube-proxy wants 32,768 × cores: as much as this on 512. */
const AT_BOOT = 16_777_216;
/** The first version that leaves a higher maximum alone again (kubernetes pull request 142035). */
const RAISES_ONLY = '1.37.2';

/** Kubernetes issue 141943: a maximum that was set at boot is higher than what kube-proxy wants. */
export default defineScenario({
  name: 'kube-proxy-versions',
  summary: 'a start of kube-proxy lowers a higher nf_conntrack_max, or leaves it: it depends on the version',
  params: {
    version: {
      values: KUBE_PROXY_VERSIONS,
      summary: 'of kube-proxy; build one with `npm run kube-proxy -- VERSION`',
    },
  },
  matrix: [{}, { version: '1.32.2' }, { version: '1.36.4' }, { version: '1.37.2' }],
  protocol: ({ version }, { kubeProxies = {}, realKubeProxy = false }) => {
    const [program, newer] = [kubeProxies[version], kubeProxies[RAISES_ONLY]];
    const lowers = version !== RAISES_ONLY;
    const skip = realKubeProxy
      ? 'needs the embedded lab: a cluster’s nodes run one version, and a node that is a container may not write the maximum'
      : `kube-proxy ${version} is missing; build it with \`npm run kube-proxy -- ${version}\` (needs Go)`;
    const available = program !== undefined && !realKubeProxy;
    return {
      topology: {
        nodes: ['worker-1'],
        pods: { server: { replicas: 1, nodes: ['worker-1'] } },
        services: { web: { pods: 'server', port: 80, app: 'http' } },
      },
      node: 'worker-1',
      demand: {
        kind: 'settings',
        node: 'worker-1',
        sysctls: { [MAX]: AT_BOOT },
        maximum: 'stand-in',
        program: program ?? 'kube-proxy',
      },
      fault: kubeProxyStart.on(),
      symptom: {
        expected: !available ? 'skipped' : lowers ? 'reproduced' : 'not-reproduced',
        when: ['settings.failed.rate > 0.5', 'settings.outcome[(reverted)] == 1'],
        loss: 'settings.failed.rate',
        finding: 'kube-proxy 1.37.2 leaves a maximum alone that is higher than what it wants',
      },
      show: ['settings.offered', 'settings.answered', 'settings.outcome[(reverted)]'],
      ...(!available && { skip }),
      note: 'the real program; the maximum is a file in its place that kube-proxy alone sees: the machine’s is left alone',
      remedies: lowers ? { 'kube-proxy-config': 'cured', placebo: 'no-effect' } : { placebo: 'no-effect' },
      ownRemedies:
        lowers && newer !== undefined
          ? {
              [`kube-proxy-${RAISES_ONLY.replaceAll('.', '-')}`]: {
                summary: 'kube-proxy of a version that only raises the maximum',
                expected: 'cured',
                changes: [{ kind: 'load', set: { program: newer } }],
              },
            }
          : {},
    };
  },
});
