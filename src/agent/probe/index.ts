import { culprit } from './culprit.ts';
import { entries } from './entries.ts';
import { harness } from './harness.ts';
import { kubeProxy } from './kube-proxy.ts';
import { lookups } from './lookups.ts';
import { memory } from './memory.ts';
import { packets } from './packets.ts';
import { procfs } from './procfs.ts';
import type { Probe } from './probe.ts';
import { routing } from './routing.ts';
import { servers } from './servers.ts';

/** Every probe; all run in every phase. */
export const PROBES: readonly Probe[] = [
  packets,
  routing,
  servers,
  lookups,
  entries,
  culprit,
  procfs,
  harness,
  memory,
  kubeProxy,
];
