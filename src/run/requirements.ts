import type { Remedy } from '../remedy/remedy.ts';
import type { Squeeze } from '../scenario/squeeze.ts';
import type { Protocol } from '../scenario/protocol.ts';

/** Why a remedy can't be tried here; undefined where it can. */
export function unmet(
  remedy: Remedy,
  { protocol, privileged, squeeze }: { protocol: Protocol; privileged: boolean; squeeze: Squeeze },
): string | undefined {
  for (const requirement of remedy.requires) {
    if (requirement === 'root') {
      if (!privileged) return 'needs root: the setting is the machine’s own';
    } else if (requirement === 'calls') {
      if (!Object.values(protocol.topology.services).some(({ calls }) => calls.length > 0))
        return 'applies to applications that call others, and here none does';
    } else {
      const kinds = requirement.slice('load:'.length).split('|');
      if (kinds.includes('look-ups') && callsByName(protocol)) continue;
      const { kind } = protocol.background[protocol.client] ?? protocol.demand;
      if (!kinds.includes(kind))
        return `applies to the load ${kinds.join(' or ')}, and this scenario’s is ${kind}`;
    }
  }
  const raises = remedy.changes(protocol).some(({ kind }) => kind === 'limit');
  const squeezed = protocol.fault.kind === 'squeeze';
  const own = squeezed && squeeze === 'netns-sysctl';
  if (raises && !privileged && !own && !(squeezed && squeeze === 'ballast')) {
    return 'needs root: without it a higher limit is emulated by giving back ballast, and there is none here';
  }
  return undefined;
}

/** Do apps behind services look names up? */
export function callsByName({ topology }: Protocol): boolean {
  return Object.values(topology.services).some(({ calls }) => calls.some(({ name }) => name !== undefined));
}
