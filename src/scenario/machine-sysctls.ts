import { BUCKETS, MAX } from '../kernel/table-names.ts';
import type { Protocol } from '../schema/protocol.ts';
import { changesIn } from './changes-in.ts';
import type { Problem } from './explain-issue.ts';

/** Sysctls below net that are the whole machine's, and the kinds of change that set and restore them there. */
const KINDS: Readonly<Record<string, string>> = { [MAX]: 'limit', [BUCKETS]: 'buckets' };

/**
 * Sysctls that no node or pod has for itself. Kernels before 5.12 let root write the maximum in any namespace,
 * past the lock and the journal that restore it.
 */
export function machineSysctlProblems(protocol: Protocol): readonly Problem[] {
  const fromTheStart = Object.keys(protocol.sysctls).map((name) => ({ place: `sysctls.${name}`, name }));
  const changed = changesIn(protocol).flatMap(({ place, change }) =>
    change.kind === 'sysctl' || change.kind === 'pod-sysctl' ? [{ place, name: change.name }] : [],
  );
  return [...fromTheStart, ...changed].flatMap(({ place, name }) => {
    const kind = KINDS[name];
    if (kind === undefined) return [];
    return [{ place, why: `${name} is the whole machine’s, not a node’s; use a change of kind ${kind}` }];
  });
}
