import { existsSync } from 'node:fs';
import { about, count } from '../judge/words.ts';
import type { Remedy, Requirement } from '../remedy/remedy.ts';
import { LOOKUPS } from '../remedy/requirement-words.ts';
import { snatOf, timesThePods } from '../remedy/sources.ts';
import { isGlobal, type Change } from '../change/index.ts';
import type { Squeeze } from '../change/squeezes.ts';
import type { Protocol } from '../schema/protocol.ts';

interface Setting {
  readonly protocol: Protocol;
  readonly privileged: boolean;
  readonly squeeze: Squeeze;
}

/** Why a remedy can't be tried here; undefined where it can. */
export function whyNotTried(remedy: Remedy, setting: Setting): string | undefined {
  const { protocol, privileged, squeeze } = setting;
  for (const requirement of remedy.requires) {
    const reason = missing(requirement, setting);
    if (reason !== undefined) return reason;
  }
  const raises = remedy.changes(protocol).some(({ kind }) => kind === 'limit');
  const squeezed = protocol.fault.kind === 'squeeze';
  const own = squeezed && squeeze === 'netns-sysctl';
  if (raises && !privileged && !own && !(squeezed && squeeze === 'ballast')) {
    return 'needs root: without root, ballast emulates a higher limit, and this run has none';
  }
  return undefined;
}

function missing(requirement: Requirement, { protocol, privileged }: Setting): string | undefined {
  switch (requirement) {
    case 'root':
      return privileged ? undefined : 'needs root: the setting is machine-wide';
    case 'calls':
      return Object.values(protocol.topology.services).some(({ calls }) => calls.length > 0)
        ? undefined
        : 'applies to applications that call others; none does here';
    case 'snat':
      return snatOf(protocol) ? undefined : 'applies where a node masquerades; none does here';
    case 'ipvs':
      return existsSync('/proc/net/ip_vs')
        ? undefined
        : 'needs IPVS, which this kernel has not loaded: `modprobe ip_vs` loads the module if it has one';
    case 'nginx':
      return Object.values(protocol.topology.services).some(({ app }) => app === 'nginx')
        ? undefined
        : 'applies to nginx; the topology has none';
    case 'sources':
      return snatOf(protocol) || timesThePods(protocol) > 1
        ? undefined
        : 'needs spare pods or a node that masquerades; there is neither';
    case 'lifetime':
      if (protocol.burst) return 'applies to a lasting demand; this scenario’s is one burst';
      return protocol.lifetime !== undefined
        ? undefined
        : 'needs `lifetime` in the scenario: how long an entry of its demand stays';
  }
  const [kind, name = ''] = requirement.split(/:(.*)/);
  if (kind === 'sysctl')
    return existsSync(`/proc/sys/${name.replaceAll('.', '/')}`)
      ? undefined
      : `needs a kernel with ${name}; this one has none`;
  const all = name.split('|');
  if (all.includes(LOOKUPS) && callsByName(protocol)) return undefined;
  const kinds = all.filter((each) => each !== LOOKUPS);
  const { kind: own } = protocol.background[protocol.client] ?? protocol.demand;
  return kinds.includes(own)
    ? undefined
    : `applies to the load ${kinds.join(' or ')}; this scenario’s is ${own}`;
}

/** bytes. An entry with NAT: 256 and 128 for its extensions, on Linux 6.18. */
const ENTRY_BYTES = 384;

/**
 * Why the maximum can't be raised that far; undefined where it can.
 *
 * @param limit current nf_conntrack_max
 * @param available memory in bytes
 */
export function outOfReach(
  changes: readonly Change[],
  { privileged, squeeze }: Pick<Setting, 'privileged' | 'squeeze'>,
  limit: number,
  available: number,
): string | undefined {
  for (const change of changes) {
    if (change.kind !== 'limit') continue;
    const { add, emulated = false } = change;
    const real = isGlobal(change, squeeze) ? privileged && !emulated : squeeze === 'netns-sysctl';
    if (add <= 0) return `nf_conntrack_max is ${count(limit)} already: nothing to raise`;
    const wanted = `nf_conntrack_max ${count(limit + add)}, ${count(add)} entries more`;
    if (add * ENTRY_BYTES > available)
      return `${wanted}, takes ${gigabytes(add * ENTRY_BYTES)} of kernel memory; ${gigabytes(available)} is available`;
    if (!real && add > limit)
      return `${wanted}, exceeds the ballast that emulates it: run as root, outside a quick matrix`;
  }
  return undefined;
}

function gigabytes(bytes: number): string {
  return `${about(bytes / 2 ** 30)} GiB`;
}

/** Whether apps behind services look up names. */
export function callsByName({ topology }: Protocol): boolean {
  return Object.values(topology.services).some(({ calls }) => calls.some(({ name }) => name !== undefined));
}
