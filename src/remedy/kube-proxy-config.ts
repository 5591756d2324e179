import type { Remedy } from './remedy.ts';

export const kubeProxyConfig: Remedy = {
  name: 'kube-proxy-config',
  summary:
    'the values in kube-proxy’s own configuration (conntrack.min, tcpEstablishedTimeout, …), not in a sysctl file',
  applies: 'the whole cluster: the ConfigMap kube-proxy, then a rollout restart of its DaemonSet',
  cost: 'one value for every node of the DaemonSet, and a restart of kube-proxy on each',
  requires: ['load:settings'],
  changes: () => [{ kind: 'load', set: { config: 'wished' } }],
};
