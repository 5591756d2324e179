import type { Requirement } from './remedy.ts';

/** Of `load:…`: not a load of the scenario's, but made by the apps behind its services. */
export const LOOKUPS = 'lookups';

/** What a remedy needs, as it stands after "needs". */
export function sayRequirement(requirement: Requirement): string {
  switch (requirement) {
    case 'root':
      return 'root';
    case 'calls':
      return 'applications that call others';
    case 'snat':
      return 'a node that masquerades';
    case 'lifetime':
      return 'a scenario that says how long an entry of its demand stays (`lifetime`)';
    case 'ipvs':
      return 'a kernel with IPVS loaded';
    case 'nginx':
      return 'an nginx in the topology';
    case 'sources':
      return 'pods to spare, or a node that masquerades';
  }
  const [kind = '', name = ''] = requirement.split(/:(.*)/);
  if (kind === 'sysctl') return `a kernel with ${name}`;
  const all = name.split('|');
  const loads = all.filter((each) => each !== LOOKUPS);
  const own = `a load of the kind ${alternatives(loads)}`;
  return all.includes(LOOKUPS) ? `${own}, or applications that look names up` : own;
}

/** `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
