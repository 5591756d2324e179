import type { KubeProxySettings } from '../change/kube-proxy-settings.ts';
import type { Remedy } from './remedy.ts';
import { IPVS } from './requirement.ts';

const APPLIES = 'the whole cluster: `mode` in the ConfigMap kube-proxy, then a restart of its pods';

const WHY = { helps: 'fewer rules to write', fails: 'both modes clean up alike' };

export const proxyMode: Remedy = {
  name: 'proxy-mode',
  summary: 'kube-proxy in nftables mode instead of iptables',
  applies: APPLIES,
  cost: 'a restart that rebuilds all service rules of a node; foreign rules in KUBE-… chains are lost',
  why: WHY,
  requires: [],
  changes: () => [inMode('nftables')],
};

export const proxyModeIpvs: Remedy = {
  name: 'proxy-mode-ipvs',
  summary: 'kube-proxy in IPVS mode instead of iptables',
  applies: APPLIES,
  cost: 'a virtual server and an address on a dummy link for every service; deprecated since Kubernetes 1.35',
  why: WHY,
  requires: [IPVS],
  changes: () => [inMode('ipvs')],
};

function inMode(mode: NonNullable<KubeProxySettings['mode']>) {
  return { kind: 'kube-proxy', set: { mode } } as const;
}
