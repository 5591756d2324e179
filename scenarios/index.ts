import type { Scenario } from '../src/scenario/define.ts';
import boom from './boom.ts';
import closeWait from './close-wait.ts';
import dnsStorm from './dns-storm.ts';
import earlyDrop from './early-drop.ts';
import hashCollisions from './hash-collisions.ts';
import saturate from './saturate.ts';
import timeWait from './time-wait.ts';

/** Every scenario that comes with tablefull. */
export const SCENARIOS: readonly Scenario[] = [
  saturate,
  boom,
  dnsStorm,
  timeWait,
  closeWait,
  earlyDrop,
  hashCollisions,
];
