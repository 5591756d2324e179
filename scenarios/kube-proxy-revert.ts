import { kubeProxyRestart, kubeProxyStart } from '../src/fault/kube-proxy-start.ts';
import { defineScenario } from '../src/scenario/define.ts';
import { conntrackConfig } from '../src/change/kube-proxy-settings.ts';

const SYSCTL = 'net.netfilter.nf_conntrack_';

/** None is a value that kube-proxy would choose (86,400 s, 3,600 s; 32,768 × cores, at least 131,072). */
const WISHED = {
  lower: { established: 7_200, closeWait: 60, max: 65_536 },
  higher: { established: 172_800, closeWait: 7_200, max: 393_216 },
} as const;

/** Claims 0b, 0e, 2b: kube-proxy starts after a sysctl was set at boot. */
export default defineScenario({
  name: 'kube-proxy-revert',
  summary: 'kube-proxy overwrites conntrack sysctls that were set at boot',
  params: {
    values: {
      values: ['lower', 'higher'],
      summary: 'the values set at boot, compared with kube-proxy’s own',
    },
    config: {
      values: ['defaults', 'untouched'],
      summary: 'kube-proxy’s own values, or maxPerCore 0 and timeouts of 0s',
    },
  },
  matrix: [{}, { config: 'untouched' }],
  protocol: ({ values, config }, { squeeze, kubeProxy, realKubeProxy = false }) => {
    const { established, closeWait, max } = WISHED[values];
    // Only this squeeze may change the machine's maximum; a cluster's nodes may not.
    const withMaximum = squeeze === 'sysctl' && !realKubeProxy;
    const sysctls = {
      [`${SYSCTL}tcp_timeout_established`]: established,
      [`${SYSCTL}tcp_timeout_close_wait`]: closeWait,
      // kube-proxy has no field for it, so this one stays.
      [`${SYSCTL}tcp_timeout_time_wait`]: 30,
      ...(withMaximum && { [`${SYSCTL}max`]: max }),
    };
    const available = realKubeProxy || kubeProxy !== undefined;
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
        sysctls,
        program: kubeProxy ?? 'kube-proxy',
        ...(realKubeProxy ? { kubeProxy: 'running' } : { config }),
      },
      // On a cluster kube-proxy reads its ConfigMap at its start.
      prepare:
        realKubeProxy && config === 'untouched'
          ? [{ kind: 'kube-proxy', set: { conntrack: conntrackConfig({ config, sysctls }) } }]
          : [],
      fault: realKubeProxy ? kubeProxyRestart.on({ at: 0.3 }) : kubeProxyStart.on(),
      symptom: {
        expected: !available ? 'skipped' : config === 'defaults' ? 'reproduced' : 'not-reproduced',
        when: ['settings.failed.rate > 0.5', 'settings.outcome[(reverted)] >= 2'],
        loss: 'settings.failed.rate',
        finding: 'maxPerCore: 0 and a timeout of 0s make kube-proxy leave the values alone',
      },
      show: ['settings.offered', 'settings.answered', 'settings.outcome[(reverted)]'],
      ...(!available && {
        skip: 'kube-proxy is missing; build it with `make kube-proxy` (needs Go), or set TABLEFULL_KUBE_PROXY to its path',
      }),
      ...(!withMaximum && {
        note: realKubeProxy
          ? 'the timeouts, which are each node’s own; the maximum is the machine’s, and read-only in a node that is a container'
          : 'covers the timeouts, which each node has; the maximum is the machine’s: for it use sudo and --squeeze sysctl',
      }),
      remedies: { 'kube-proxy-config': 'cured', 'shorter-timeouts': 'no-effect', placebo: 'no-effect' },
    };
  },
});
