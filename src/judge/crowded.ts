import type { RecordedPhase } from '../history/run.ts';
import { kindOf } from '../load/index.ts';
import type { Figures } from '../schema/verdict.ts';
import type { Doubt } from './doubt.ts';
import { count } from './words.ts';
import { immediateOf, lengthensChains } from '../change/index.ts';
import { figuresOf } from '../schema/expectation.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** Below this share of the demand, chain failures tip no comparison. */
const TIPS = 0.02;

/**
 * Whether new connections failed because hash chains were too long, though this run did not lengthen them.
 * All network namespaces share the hash. Phases with a remedy are exempt: a raised maximum with few buckets
 * lengthens chains.
 */
export function crowdedOut(
  { protocol }: RunHeader,
  { remedied }: RecordedPhase,
  figures: Figures,
): Doubt | undefined {
  if (remedied || isAboutChains(protocol)) return undefined;
  const { 'chaintoolong.delta': chains = 0, 'insert_failed.delta': failed = 0 } = figures;
  const offered = figures[`${kindOf(protocol.demand).unit}.offered`] ?? 0;
  if (chains <= TIPS * offered) return undefined;
  return {
    reason: `insert_failed +${count(failed)}, of which chaintoolong +${count(chains)}: hash chains were too long; all network namespaces share the hash`,
  };
}

function isAboutChains({ fault, symptom }: RunHeader['protocol']): boolean {
  const asked = [...symptom.when, ...symptom.provenBy].flatMap(figuresOf);
  return (
    asked.some((name) => name.split('.').includes('chaintoolong')) || lengthensChains(immediateOf(fault))
  );
}
