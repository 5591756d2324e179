import { LOADS } from '../load/index.ts';
import type { Requirement } from './remedy.ts';
import { LOOKUPS } from './requirement-words.ts';

/** A load that has this setting. */
export function loadWith(setting: string): Requirement {
  return either(LOADS.filter(({ schema }) => setting in schema.shape));
}

/** A load or apps whose lookups use resolv.conf. */
export const RESOLVING = either(
  LOADS.filter(({ dns }) => dns === 'resolver'),
  LOOKUPS,
);

/** The same, or a load that queries without resolv.conf. */
export const ASKING_DNS = either(
  LOADS.filter(({ dns }) => dns !== undefined),
  LOOKUPS,
);

function either(loads: readonly { readonly kind: string }[], ...others: readonly string[]): Requirement {
  return `load:${[...loads.map(({ kind }) => kind), ...others].join('|')}`;
}
