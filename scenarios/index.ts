import type { Scenario } from '../src/scenario/define.ts';
import boom from './boom.ts';
import dnsStorm from './dns-storm.ts';
import ghostConnections from './ghost-connections.ts';
import reconnectStorm from './reconnect-storm.ts';
import saturate from './saturate.ts';
import staleHeadlessDns from './stale-headless-dns.ts';

/** Every scenario that comes with tablefull. */
export const SCENARIOS: readonly Scenario[] = [
  saturate,
  boom,
  dnsStorm,
  ghostConnections,
  staleHeadlessDns,
  reconnectStorm,
];
