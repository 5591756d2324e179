import type { Fault } from './fault.ts';
import { POD_NETWORK } from '../util/address-plan.ts';

/** The first port. */
const FIRST = 32_768;

export const fewLocalPorts: Fault<{ pods: string; count: number }> = {
  name: 'few-local-ports',
  summary:
    'each pod of a set has only so many local ports for its connections (net.ipv4.ip_local_port_range)',
  on: ({ pods, count }) => ({
    kind: 'pod-sysctl',
    pods,
    name: 'net.ipv4.ip_local_port_range',
    value: `${String(FIRST)} ${String(FIRST + count - 1)}`,
  }),
};

export const fewSnatPorts: Fault<{ node: string; count: number }> = {
  name: 'few-snat-ports',
  summary: 'a node’s pods share its address for what they send to other nodes, and so many ports of it',
  on: ({ node, count }) => ({
    kind: 'nft',
    node,
    type: 'nat',
    hook: 'postrouting',
    priority: 100,
    rules: [
      `oifname "eth0" ip saddr ${POD_NETWORK} meta l4proto tcp masquerade to :${String(FIRST)}-${String(FIRST + count - 1)}`,
    ],
  }),
};
