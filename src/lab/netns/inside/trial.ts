/**
 * The program that `tablefull doctor` runs in a throwaway sandbox: each step of a lab, once. It prints one
 * JSON line per step and stops at the first failure. The sandbox's end cleans up.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { execa } from 'execa';
import { insertEstablished } from '../../../kernel/ctnetlink.ts';
import { mount } from '../../../kernel/libc.ts';
import { NetNamespace } from '../../../kernel/netns.ts';
import { nft } from '../../../kernel/nft.ts';
import { pathOf, writeSysctl } from '../../../kernel/sysctl.ts';
import type { TrialStep } from '../trial-step.ts';
import { MAX } from '../../../kernel/table-names.ts';

const NAME = 'trial';
const RULES = `table ip trial {
  chain nat { type nat hook prerouting priority dstnat; ip daddr 10.96.0.1 dnat to 10.244.0.2; }
  chain states { type filter hook prerouting priority mangle; ct state invalid counter; }
}
`;

function say(step: TrialStep): void {
  process.stdout.write(`${JSON.stringify(step)}\n`);
}

async function attempt(name: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
    say({ name, ok: true });
  } catch (error) {
    say({
      name,
      ok: false,
      why: error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error),
    });
    process.exit(1);
  }
}

const inside = (): NetNamespace => NetNamespace.open(`/run/netns/${NAME}`);

await attempt('mount', () => {
  mount('tmpfs', '/run', 'tmpfs', 0);
  mkdirSync('/run/netns');
});
await attempt('namespace', async () => {
  await execa('ip', ['netns', 'add', NAME]);
});
await attempt('link', async () => {
  await execa('ip', ['link', 'add', 'trial0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', NAME]);
});
await attempt('rules', async () => {
  using space = inside();
  await nft(space, RULES);
});
await attempt('sysctl', () => {
  using space = inside();
  space.within(() => writeSysctl('net.netfilter.nf_conntrack_icmp_timeout', '31'));
});
await attempt('ballast', () => {
  using space = inside();
  insertEstablished(space, 0, 1, 1);
});

using space = inside();
const own = space.within(() => {
  try {
    accessSync(pathOf(MAX), constants.W_OK);
    return true;
  } catch {
    return false;
  }
});
say({ name: 'own-limit', ok: own });
