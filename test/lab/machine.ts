import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { parseSockstat } from '../../src/kernel/sockstat.ts';

const SYSCTLS = '/proc/sys/net/netfilter';

/**
 * The machine's state that a run could leave changed, for comparison. A namespace lives by a process or a
 * mount: processes are found by their marker.
 */
export async function machine(): Promise<Record<string, string>> {
  const [links, netns, rules] = await Promise.all([
    execa('ip', ['-brief', 'link']),
    execa('ip', ['netns', 'list']),
    process.getuid?.() === 0 ? execa('nft', ['list', 'ruleset']) : { stdout: '' },
  ]);
  return {
    links: links.stdout,
    netns: netns.stdout,
    rules: rules.stdout,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    journal: String(existsSync('/run/tablefull')),
    ...Object.fromEntries(
      readdirSync(SYSCTLS)
        .filter((name) => name.startsWith('nf_conntrack_') && name !== 'nf_conntrack_count')
        .map((name) => [name, readFileSync(`${SYSCTLS}/${name}`, 'utf8').trim()]),
    ),
  };
}

/**
 * How many closed sockets of the machine still wait for an answer. Each keeps its namespace, and the table in it, for
 * minutes. Only what runs alone can compare them.
 */
export function orphanedSockets(): number {
  return parseSockstat(readFileSync('/proc/net/sockstat', 'utf8')).orphans;
}
