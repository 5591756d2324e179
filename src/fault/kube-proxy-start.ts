import type { Fault } from './fault.ts';

export const kubeProxyStart: Fault<void> = {
  name: 'kube-proxy-start',
  summary: 'kube-proxy starts after a node’s settings have been made, and not before',
  on: () => ({ kind: 'load', set: { kubeProxy: 'after' } }),
};

export const kubeProxyRestart: Fault<{ at: number }> = {
  name: 'kube-proxy-restart',
  summary: 'in the middle of a phase the pods of a cluster’s own kube-proxy are replaced',
  on: ({ at }) => ({ kind: 'event', at, change: { kind: 'kube-proxy', set: {} } }),
};
