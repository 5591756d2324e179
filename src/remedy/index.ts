import { beLiberal } from './be-liberal.ts';
import { dropInvalid } from './drop-invalid.ts';
import { ignoreInvalidRst } from './ignore-invalid-rst.ts';
import { keepalive } from './keepalive.ts';
import { keepaliveNginx } from './keepalive-nginx.ts';
import { moreSourceAddresses } from './more-source-addresses.ts';
import { placebo } from './placebo.ts';
import { raiseBuckets } from './raise-buckets.ts';
import { raiseMax } from './raise-max.ts';
import { randomFully } from './random-fully.ts';
import type { Remedy } from './remedy.ts';
import { ndots2, singleRequestReopen, useVc } from './resolver-options.ts';
import { rpFilterLoose } from './rp-filter-loose.ts';
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
  keepaliveNginx,
  ndots2,
  trailingDot,
  useVc,
  singleRequestReopen,
  ignoreInvalidRst,
  rpFilterLoose,
  randomFully,
  moreSourceAddresses,
  placebo,
];
