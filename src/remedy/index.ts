import { beLiberal } from './be-liberal.ts';
import { dropInvalid } from './drop-invalid.ts';
import { keepalive } from './keepalive.ts';
import { nodeLocalDns, nodeLocalDnsTracked } from './node-local-dns.ts';
import { placebo } from './placebo.ts';
import { raiseBuckets } from './raise-buckets.ts';
import { raiseMax } from './raise-max.ts';
import type { Remedy } from './remedy.ts';
import { ndots2, singleRequestReopen, useVc } from './resolver-options.ts';
import { shorterTimeouts } from './shorter-timeouts.ts';
import { trailingDot } from './trailing-dot.ts';

/** Every remedy there is. */
export const REMEDIES: readonly Remedy[] = [
  raiseMax,
  raiseBuckets,
  beLiberal,
  dropInvalid,
  shorterTimeouts,
  keepalive,
  ndots2,
  trailingDot,
  useVc,
  singleRequestReopen,
  nodeLocalDns,
  nodeLocalDnsTracked,
  placebo,
];
