import type { Change } from '../change/index.ts';
import { conntrackConfig } from '../change/kube-proxy-settings.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Remedy } from './remedy.ts';
import { loadOf } from './loads.ts';

export const kubeProxyConfig: Remedy = {
  name: 'kube-proxy-config',
  summary:
    'the values in kube-proxy’s own configuration (conntrack.min, tcpEstablishedTimeout, …), not in a sysctl file',
  applies: 'the whole cluster: the ConfigMap kube-proxy, then a rollout restart of its DaemonSet',
  cost: 'one value for every node of the DaemonSet, and a restart of kube-proxy on each',
  why: { helps: 'kube-proxy itself sets the values', fails: 'kube-proxy does not revert them' },
  requires: [loadOf(['settings'])],
  changes: (protocol) => [change(protocol)],
};

/** Changes the configuration of the running kube-proxy, or of the one that the load starts. */
function change({ demand }: Protocol): Change {
  return demand.kind === 'settings' && demand.kubeProxy === 'running'
    ? {
        kind: 'kube-proxy',
        set: { conntrack: conntrackConfig({ config: 'wished', sysctls: demand.sysctls }) },
      }
    : { kind: 'load', set: { config: 'wished' } };
}
