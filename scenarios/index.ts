import type { Scenario } from '../src/scenario/define.ts';
import boom from './boom.ts';
import deplete from './deplete.ts';
import dnsRace from './dns-race.ts';
import dnsStorm from './dns-storm.ts';
import saturate from './saturate.ts';

/** Every scenario that comes with tablefull. */
export const SCENARIOS: readonly Scenario[] = [saturate, boom, dnsStorm, deplete, dnsRace];
