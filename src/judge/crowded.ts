import type { RecordedPhase } from '../history/run.ts';
import type { RunHeader } from '../schema/history.ts';
import { kindOf } from '../load/index.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/** Of the demand: where fewer new connections than this met a chain at its limit, they tip no comparison. */
const TIPS = 0.02;

/**
 * Did new connections fail for chains that were too long, though nothing that this run did made them so? The hash is one
 * for all network namespaces. A remedy may itself be why: a raised maximum with few buckets is one.
 */
export function crowdedOut(
  { protocol }: RunHeader,
  { stage }: RecordedPhase,
  figures: Figures,
): string | undefined {
  if (stage === 'fresh' || stage === 'live' || isAboutChains(protocol)) return undefined;
  const { 'chaintoolong.delta': chains = 0, 'insert_failed.delta': failed = 0 } = figures;
  const offered = figures[`${kindOf(protocol.demand).unit}.offered`] ?? 0;
  if (chains <= TIPS * offered) return undefined;
  return `insert_failed +${count(failed)}, of which chaintoolong +${count(chains)}: the chains of the hash were too long, which the entries of every network namespace share`;
}

function isAboutChains({ fault, symptom }: RunHeader['protocol']): boolean {
  const asked = [...symptom.when, ...symptom.provenBy].some((text) => text.includes('chaintoolong'));
  return asked || fault.kind === 'buckets';
}
