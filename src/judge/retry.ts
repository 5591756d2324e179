import type { Phase } from '../schema/history.ts';
import { serviceOf } from '../schema/topology.ts';
import { kindOf } from '../load/index.ts';
import { evidence } from './evidence.ts';
import { allHold } from './expectation.ts';
import type { Observations } from './observations.ts';
import type { Invalid } from './doubt.ts';
import { withoutEvidence } from './invalid.ts';

/** ms. Before the baseline is measured, a long wait costs nothing. */
const UNMEASURED = 5_000;
/** Time limits grow by this multiple of the baseline's slowest answer, at least LEAST ms. */
const TIMES = 2;
const LEAST = 50;

/** Why the last observed phase needs a retry; undefined where it does not. */
export function whyRetry(observations: Observations, { cycle, stage }: Phase): Invalid | undefined {
  const { phase, invalid, figures } = observations.of(cycle, stage);
  if (invalid !== undefined) return invalid;
  const { header } = observations;
  const { protocol, control } = header;
  // A slow machine may fail the demand. What a remedy breaks also fails at half the pace.
  const unexplained = withoutEvidence(header, phase, figures);
  if (unexplained !== undefined) return { ...unexplained, slower: 'once' };
  if (stage !== 'fault' && stage !== 'confirm') return undefined;
  if (control || evidence(protocol, figures) !== 'all') return undefined;
  // The kernel's counters show the fault and the clients do not: the machine interfered.
  const baseline = observations.of('symptom', 'baseline').figures;
  const shown = allHold(protocol.symptom.when, figures, { baseline });
  if (shown.met !== false) return undefined;
  return { reason: `the kernel’s counters show the fault, but ${shown.why}`, slower: 'all-phases' };
}

/**
 * ms to add to clients' time limits: what this machine takes without the fault. The app's own delay is not the
 * machine's.
 */
export function slackOf(observations: Observations): number {
  const { figures, invalid } = observations.of('symptom', 'baseline');
  const { demand, topology } = observations.header.protocol;
  const slowest = figures[`${kindOf(demand).unit}.max`];
  if (invalid !== undefined || slowest === undefined) return UNMEASURED;
  const { delay = 0 } = serviceOf(demand, topology) ?? {};
  return Math.min(UNMEASURED, Math.max(LEAST, Math.round(TIMES * (slowest - delay * 1000))));
}
