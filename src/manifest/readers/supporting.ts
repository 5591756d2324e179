import { NOTHING } from '../understanding.ts';
import type { Reader } from './reader.ts';

/** Objects that others need, and that change no node by themselves. */
const SUPPORTING = new Set([
  'Namespace',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'Secret',
]);

/** Everything else: what it may do is said, so that nobody takes it for understood. */
export const supporting: Reader = ({ name, object }, { documents }) => {
  const { kind, metadata } = object;
  if (SUPPORTING.has(kind)) return NOTHING;
  const gap = (why: string) => ({ ...NOTHING, gaps: [`${name}: ${why}`] });
  if (kind === 'ConfigMap') {
    const isMounted = JSON.stringify(documents.filter((each) => each.name !== name)).includes(
      `"${metadata?.name ?? ''}"`,
    );
    return isMounted
      ? NOTHING
      : gap('nothing in the manifest reads it; it changes nothing before a program does');
  }
  if (kind === 'Service') return gap('clients must use it first; see the remedy headless');
  return gap(`the kind ${kind} is not understood`);
};
