import type { Fault } from './fault.ts';

export const kubeProxyStart: Fault<void> = {
  name: 'kube-proxy-start',
  summary: 'kube-proxy starts after a node’s settings have been made, and not before',
  on: () => ({ kind: 'load', set: { kubeProxy: 'after' } }),
};
