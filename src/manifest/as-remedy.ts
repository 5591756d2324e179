import type { Measured, Remedy } from '../remedy/remedy.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { ManifestDocument } from './documents.ts';
import { needsOf, type Kernel, type LabOfManifest } from './effect.ts';
import { isApplied, translate, type Translation } from './translate.ts';
import { understand, type Understood } from './understand.ts';
import type { Requirement } from '../remedy/requirement.ts';

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
  return needsOf(understood.flatMap(({ understanding }) => understanding.parts.map(({ effect }) => effect)));
}
