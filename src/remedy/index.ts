import { backoffWithJitter } from './backoff-with-jitter.ts';
import { beLiberal } from './be-liberal.ts';
import { conntrackDelete } from './conntrack-delete.ts';
import { connectionPools } from './connection-pools.ts';
import { corednsForward } from './coredns-forward.ts';
import { dropInvalid } from './drop-invalid.ts';
import { headless } from './headless.ts';
import { keepalive } from './keepalive.ts';
import { nodeLocalDns, nodeLocalDnsTracked } from './node-local-dns.ts';
import { notrack } from './notrack.ts';
import { kubeProxyConfig } from './kube-proxy-config.ts';
import { ignoreInvalidRst } from './ignore-invalid-rst.ts';
import { keepaliveNginx } from './keepalive-nginx.ts';
import { minSyncPeriod } from './min-sync-period.ts';
import { moreSourceAddresses } from './more-source-addresses.ts';
import { placebo } from './placebo.ts';
import { proxyMode, proxyModeIpvs } from './proxy-mode.ts';
import { raiseBuckets } from './raise-buckets.ts';
import { raiseMax, raiseMaxForGood } from './raise-max.ts';
import { randomFully } from './random-fully.ts';
import type { Remedy } from './remedy.ts';
import { ndots2, singleRequestReopen, useVc } from './resolver-options.ts';
import { shorterRecordTtl } from './shorter-record-ttl.ts';
import { rpFilterLoose } from './rp-filter-loose.ts';
import { oneTimeoutEach, shorterTimeouts } from './shorter-timeouts.ts';
import { sysctlDaemonSet } from './sysctl-daemonset.ts';
import { tcpKeepalive } from './tcp-keepalive.ts';
import { trailingDot } from './trailing-dot.ts';

export const REMEDIES: readonly Remedy[] = [
  raiseMax,
  raiseMaxForGood,
  raiseBuckets,
  beLiberal,
  dropInvalid,
  shorterTimeouts,
  ...oneTimeoutEach,
  keepalive,
  connectionPools,
  keepaliveNginx,
  tcpKeepalive,
  ndots2,
  trailingDot,
  useVc,
  singleRequestReopen,
  nodeLocalDns,
  nodeLocalDnsTracked,
  corednsForward,
  conntrackDelete,
  headless,
  notrack,
  shorterRecordTtl,
  backoffWithJitter,
  rpFilterLoose,
  kubeProxyConfig,
  proxyMode,
  proxyModeIpvs,
  minSyncPeriod,
  sysctlDaemonSet,
  ignoreInvalidRst,
  randomFully,
  moreSourceAddresses,
  placebo,
];
