import { execa } from 'execa';
import type { NetNamespace } from '../../kernel/netns.ts';
import type { Place } from './command.ts';
import { undone, type Done } from './done.ts';

const CHAIN = 'KUBE-FORWARD';
/** The node's own, which speaks to the same tables as kube-proxy's: there are two kinds, blind to each other. */
const IPTABLES = ['/proc/1/root', 'iptables', '-w'] as const;

/**
 * Takes kube-proxy's rule against INVALID packets (pkg/proxy/iptables/proxier.go, filter table, KUBE-FORWARD) out of the
 * way. Its nftables mode has none, nor has the embedded lab; nor has iptables mode where be_liberal was set when it
 * started. kube-proxy puts it back by itself with its next sync.
 */
export async function removeInvalidRule(places: readonly Place[]): Promise<Done> {
  const rules = await Promise.all(places.map(({ space }) => invalidRules(space)));
  const say = (all: readonly (readonly string[])[]): string =>
    `a rule on ${String(all.filter(({ length }) => length > 0).length)} of ${String(all.length)} nodes`;
  const everywhere = async (verb: '-D' | '-A'): Promise<string> => {
    for (const [i, { space }] of places.entries()) {
      for (const rule of rules[i] ?? [])
        await iptables(space, verb === '-D' ? rule.replace('-A', '-D') : rule);
    }
    return say(await Promise.all(places.map(({ space }) => invalidRules(space))));
  };
  const found = say(rules);
  const readBack = await everywhere('-D');
  return { found, readBack, emulated: false, undo: () => undone(found, () => everywhere('-A')) };
}

/** As `iptables -S` prints them; none where there is no iptables, or no such chain. */
async function invalidRules(space: NetNamespace): Promise<readonly string[]> {
  const listed = await space.within(() => execa('chroot', [...IPTABLES, '-S', CHAIN], { reject: false }));
  if (listed.failed) return [];
  return listed.stdout
    .split('\n')
    .filter((line) => line.includes('--ctstate INVALID') && line.endsWith('-j DROP'));
}

/** @param rule `-A CHAIN …`, of words without blanks or quotes in them */
async function iptables(space: NetNamespace, rule: string): Promise<void> {
  await space.within(() => execa('chroot', [...IPTABLES, ...rule.split(/ +/)]));
}
