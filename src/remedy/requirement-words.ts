import type { Requirement } from './remedy.ts';

/** In `load:…`: lookups by apps behind services, instead of a load. */
export const LOOKUPS = 'lookups';

/** A requirement in words, to follow "needs". */
export function sayRequirement(requirement: Requirement): string {
  switch (requirement) {
    case 'root':
      return 'root';
    case 'calls':
      return 'applications that call others';
    case 'snat':
      return 'a node that masquerades';
    case 'lifetime':
      return 'a scenario with `lifetime`: how long an entry of its demand stays';
    case 'ipvs':
      return 'a kernel with IPVS loaded';
    case 'nginx':
      return 'an nginx in the topology';
    case 'sources':
      return 'spare pods, or a node that masquerades';
  }
  const [kind = '', name = ''] = requirement.split(/:(.*)/);
  if (kind === 'sysctl') return `a kernel with ${name}`;
  const all = name.split('|');
  const loads = all.filter((each) => each !== LOOKUPS);
  const own = `a load of kind ${alternatives(loads)}`;
  return all.includes(LOOKUPS) ? `${own}, or applications that look names up` : own;
}

/** `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
