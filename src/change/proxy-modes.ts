/** The modes in which kube-proxy programs services. */
export const PROXY_MODES = ['iptables', 'nftables', 'ipvs'] as const;
