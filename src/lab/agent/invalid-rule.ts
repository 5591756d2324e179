import type { NetNamespace } from '../../kernel/netns.ts';
import type { Place } from './command.ts';
import { undone, type Done } from './done.ts';
import { iptables } from './node-iptables.ts';

const CHAIN = 'KUBE-FORWARD';
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
export async function removeInvalidRule(places: readonly Place[]): Promise<Done> {
  const inForce = await Promise.all(places.map(({ space }) => isInForce(space)));
  const ruled = places.filter((_, i) => inForce[i]);
  const say = (all: readonly boolean[]): string =>
    `a rule on ${String(all.filter(Boolean).length)} of ${String(places.length)} nodes`;
  const read = async (): Promise<string> =>
    say(await Promise.all(places.map(({ space }) => isInForce(space))));
  await Promise.all(ruled.map(({ space }) => did(space, '-I')));
  const undo: Done['undo'] = () =>
    undone(say(inForce), async () => {
      await Promise.all(ruled.map(({ space }) => did(space, '-D')));
      return read();
    });
  return { found: say(inForce), readBack: await read(), emulated: false, undo };
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
