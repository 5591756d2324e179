import type { Scenario } from '../src/scenario/define.ts';
import boom from './boom.ts';
import dnsStorm from './dns-storm.ts';
import portExhaustion from './port-exhaustion.ts';
import proxyChurn from './proxy-churn.ts';
import rpFilter from './rp-filter.ts';
import saturate from './saturate.ts';

/** Every scenario that comes with tablefull. */
export const SCENARIOS: readonly Scenario[] = [
  saturate,
  boom,
  dnsStorm,
  rpFilter,
  portExhaustion,
  proxyChurn,
];
