/** The sysctls of a conntrack table's size. Both are the whole machine's on most kernels. */
export const MAX = 'net.netfilter.nf_conntrack_max';
export const BUCKETS = 'net.netfilter.nf_conntrack_buckets';

/** The module's parameter, by which kube-proxy writes the buckets. */
export const HASHSIZE = '/sys/module/nf_conntrack/parameters/hashsize';
