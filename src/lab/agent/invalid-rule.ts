import { execa } from 'execa';
import type { NetNamespace } from '../../kernel/netns.ts';
import type { Place } from './command.ts';
import { undone, type Done } from './done.ts';

/** The node's own, which speaks to the same tables as kube-proxy's: there are two kinds, blind to each other. */
const IPTABLES = ['/proc/1/root', 'iptables', '-w'] as const;
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
  await Promise.all(ruled.map(({ space }) => iptables(space, '-I', PASS)));
  const undo: Done['undo'] = () =>
    undone(say(inForce), async () => {
      await Promise.all(ruled.map(({ space }) => iptables(space, '-D', PASS)));
      return read();
    });
  return { found: say(inForce), readBack: await read(), emulated: false, undo };
}

/** Puts kube-proxy's rule back in force where a run that was killed had it out of the way. @returns did it? */
export async function restoreInvalidRule(space: NetNamespace): Promise<boolean> {
  if (!(await iptables(space, '-C', PASS))) return false;
  return iptables(space, '-D', PASS);
}

async function isInForce(space: NetNamespace): Promise<boolean> {
  const listed = await run(space, ['-S', CHAIN]);
  const drops = listed
    ?.split('\n')
    .some((line) => line.includes('--ctstate INVALID') && line.endsWith('-j DROP'));
  return drops === true && !(await iptables(space, '-C', PASS));
}

/** @returns did it? */
async function iptables(
  space: NetNamespace,
  verb: '-C' | '-D' | '-I',
  rule: readonly string[],
): Promise<boolean> {
  return (await run(space, [verb, ...rule])) !== undefined;
}

/** @returns what it prints; undefined where there is no iptables, or no such rule or chain */
async function run(space: NetNamespace, args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await space.within(() =>
    execa('chroot', [...IPTABLES, ...args], { reject: false }),
  );
  return failed ? undefined : stdout;
}
