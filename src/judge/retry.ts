import type { Phase } from '../schema/history.ts';
import { kindOf } from '../load/index.ts';
import { evidence } from './evidence.ts';
import { allHold } from './expectation.ts';
import type { Observations } from './observations.ts';
import { withoutEvidence, type Invalid } from './invalid.ts';

/** Before anything is measured nothing fails, so nothing is lost by waiting long, ms. */
const UNMEASURED = 5_000;
/** A time limit grows by so many times what the slowest answer of the baseline took. */
const TIMES = 2;
const LEAST = 50;

/** Should the phase that has just been observed be retried? Undefined where it will do. */
export function whyRetry(observations: Observations, { cycle, stage }: Phase): Invalid | undefined {
  const { phase, invalid, tooFast = false, figures } = observations.of(cycle, stage);
  if (invalid !== undefined) return { reason: invalid, tooFast };
  const { header } = observations;
  const { protocol, control } = header;
  // A slow machine may fail a demand as well: what a remedy itself breaks fails at half the pace, too.
  const unexplained = withoutEvidence(header, phase, figures);
  if (unexplained !== undefined) return { reason: unexplained, tooFast: true };
  if (stage !== 'fault' && stage !== 'confirm') return undefined;
  if (control || evidence(protocol, figures) !== 'all') return undefined;
  // The kernel saw what the fault does. Where its clients did not, it was the machine that came between.
  const baseline = observations.of('symptom', 'baseline').figures;
  const shown = allHold(protocol.symptom.when, figures, { baseline });
  if (shown.met !== false) return undefined;
  return { reason: `the kernel’s counters show the fault, and yet ${shown.why}`, tooFast: true };
}

/** What clients' time limits are to be extended by, ms: by what this machine takes without the fault. */
export function slackOf(observations: Observations): number {
  const { figures, invalid } = observations.of('symptom', 'baseline');
  const slowest = figures[`${kindOf(observations.header.protocol.demand).unit}.max`];
  if (invalid !== undefined || slowest === undefined) return UNMEASURED;
  return Math.min(UNMEASURED, Math.max(LEAST, Math.round(TIMES * slowest)));
}
