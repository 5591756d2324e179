import type { Scenario } from '../src/scenario/define.ts';
import boom from './boom.ts';
import dnsStorm from './dns-storm.ts';
import saturate from './saturate.ts';
import timeWait from './time-wait.ts';

/** Every scenario that comes with tablefull. */
export const SCENARIOS: readonly Scenario[] = [saturate, boom, dnsStorm, timeWait];
