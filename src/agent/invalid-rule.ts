import type { NetNamespace } from '../kernel/netns.ts';
import type { Done } from '../change/done.ts';
import { iptables } from './node-iptables.ts';
import type { Place } from './place.ts';
import { restorable, type Site } from '../change/restorable.ts';

const CHAIN = 'KUBE-FORWARD';
const IN_FORCE = 'in force';
/** Before the jump to that chain; kube-proxy, which writes its own chains anew with each sync, leaves it alone. */
const PASS = [
  ...['FORWARD', '-m', 'conntrack', '--ctstate', 'INVALID'],
  ...['-m', 'comment', '--comment', 'tablefull', '-j', 'ACCEPT'],
];

/**
 * Takes kube-proxy's rule against INVALID packets (pkg/proxy/iptables/proxier.go, filter table, KUBE-FORWARD) out of the
 * way: what it would drop is accepted before. Its nftables mode has none, nor has the embedded lab; nor has iptables mode
 * where be_liberal was set when it started.
 */
export function removeInvalidRule(places: readonly Place[]): Promise<Done> {
  const sites = places.map(({ name, space }): Site => ({
    name,
    read: async () => ((await isInForce(space)) ? IN_FORCE : 'none'),
    make: async () => {
      if (await isInForce(space)) await did(space, '-I');
    },
    restore: async (found) => {
      if (found === IN_FORCE && !(await isInForce(space))) await did(space, '-D');
    },
  }));
  return restorable(
    sites,
    (seen) =>
      `a rule on ${String(seen.filter((rule) => rule === IN_FORCE).length)} of ${String(seen.length)} nodes`,
  );
}

/** Puts kube-proxy's rule back in force where a run that was killed had it out of the way. @returns did it? */
export async function restoreInvalidRule(space: NetNamespace): Promise<boolean> {
  if (!(await did(space, '-C'))) return false;
  return did(space, '-D');
}

async function isInForce(space: NetNamespace): Promise<boolean> {
  const listed = await iptables(space, ['-S', CHAIN]);
  const drops = listed
    ?.split('\n')
    .some((line) => line.includes('--ctstate INVALID') && line.endsWith('-j DROP'));
  return drops === true && !(await did(space, '-C'));
}

/** @returns did it? */
async function did(space: NetNamespace, verb: '-C' | '-D' | '-I'): Promise<boolean> {
  return (await iptables(space, [verb, ...PASS])) !== undefined;
}
