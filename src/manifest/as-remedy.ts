import { ASKING_DNS, RESOLVING } from '../remedy/loads.ts';
import type { Measured, Remedy } from '../remedy/remedy.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { ManifestDocument } from './documents.ts';
import type { LabOfManifest } from './changes.ts';
import type { Kernel } from './effect.ts';
import { isApplied, translate, type Translation } from './translate.ts';
import { understand, type Understood } from './understand.ts';
import { type Requirement, ROOT } from '../remedy/requirement.ts';
import { BUCKETS } from '../kernel/table-names.ts';

/** A manifest and the lab that it is tried in. */
interface GivenManifest {
  /** The remedy's name. */
  readonly name: string;
  readonly documents: readonly ManifestDocument[];
  readonly lab: LabOfManifest;
  readonly kernel: Kernel;
}

/** A Kubernetes manifest as a remedy. */
export function manifestRemedy({ name, documents, lab, kernel }: GivenManifest): Remedy {
  const understood = understand(documents, kernel);
  const translated = (protocol: Protocol, measured?: Measured): Translation =>
    translate(understood, { lab, protocol, kernel, measured });
  const names = documents.map((document) => document.name);
  const [first = 'a manifest', ...more] = names;
  return {
    name,
    summary: more.length === 0 ? first : `${first} and ${String(more.length)} more`,
    applies: 'where the manifest does',
    cost: 'not stated',
    requires: requirementsOf(understood, lab),
    changes: (protocol, measured) => translated(protocol, measured).changes,
    manifest: (protocol) => {
      const { lines, gaps, findings } = translated(protocol);
      return {
        how: lab.cluster && understood.some(isApplied) ? 'applied' : 'translated',
        lines,
        gaps,
        findings,
      };
    },
  };
}

/** What its parts need, whatever the scenario. */
function requirementsOf(
  understood: readonly Understood[],
  { cluster }: LabOfManifest,
): readonly Requirement[] {
  // What a cluster gets as it is needs nothing of the scenario.
  if (cluster && understood.some(isApplied)) return [];
  const parts = understood.flatMap(({ understanding }) => understanding.parts);
  const kinds = new Set(parts.map(({ effect }) => effect.kind));
  const options = parts.flatMap(({ effect }) => (effect.kind === 'resolver' ? effect.options : []));
  const ofDns = options.includes('single-request-reopen') ? ASKING_DNS : RESOLVING;
  return [
    ...(parts.some(({ effect }) => effect.kind === 'sysctl' && effect.name === BUCKETS) ? [ROOT] : []),
    // Beside other parts, DNS options that nobody reads are a gap.
    ...(kinds.size === 1 && kinds.has('resolver') ? [ofDns] : []),
    ...(kinds.size === 1 && kinds.has('node-dns') ? [ASKING_DNS] : []),
    ...(kinds.size === 1 && kinds.has('coredns-forward') ? [RESOLVING] : []),
  ];
}
