import { LOADS } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Requirement } from './requirement.ts';

/** A load that has this setting. */
export function loadWith(setting: string): Requirement {
  return loadOf(LOADS.filter(({ schema }) => setting in schema.shape).map(({ kind }) => kind));
}

/** A load or apps whose lookups use resolv.conf. */
export const RESOLVING = orLookups(LOADS.filter(({ dns }) => dns === 'resolver').map(({ kind }) => kind));

/** The same, or a load that queries without resolv.conf. */
export const ASKING_DNS = orLookups(LOADS.filter(({ dns }) => dns !== undefined).map(({ kind }) => kind));

/** The same, where the A and the AAAA query of a lookup are one pod's. */
export const ASKING_BOTH: Requirement = {
  ...ASKING_DNS,
  name: `${ASKING_DNS.name}|both`,
  whyNot: (setting) => {
    const { demand } = setting.protocol;
    if (demand.kind === 'dns-race' && demand.sockets === 'two-pods')
      return 'applies to the two queries of one lookup; here each is another pod’s';
    return ASKING_DNS.whyNot(setting);
  },
};

/** A load of one of these kinds. */
export function loadOf(kinds: readonly string[]): Requirement {
  return {
    name: `load:${kinds.join('|')}`,
    words: `a load of kind ${alternatives(kinds)}`,
    whyNot: ({ protocol: { background, client, demand } }) => {
      const { kind } = background[client] ?? demand;
      return kinds.includes(kind)
        ? undefined
        : `applies to the load ${kinds.join(' or ')}; this scenario’s is ${kind}`;
    },
  };
}

/** The same, or apps behind services that look up names. */
function orLookups(kinds: readonly string[]): Requirement {
  const load = loadOf(kinds);
  return {
    name: `${load.name}|lookups`,
    words: `${load.words}, or applications that look names up`,
    whyNot: (setting) => (callsByName(setting.protocol) ? undefined : load.whyNot(setting)),
  };
}

function callsByName({ topology }: Protocol): boolean {
  return Object.values(topology.services).some(({ calls }) => calls.some(({ name }) => name !== undefined));
}

/** `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
