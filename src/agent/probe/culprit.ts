import { socketsInUse } from '../../kernel/sockstat.ts';
import type { Probe, Probed } from './probe.ts';

/**
 * Who fills the table of the node that drops most (of those of one agent), by one dump of it: `pod.NAME.entries` by who opened them, and beside it what a
 * count of sockets would say at the same moment, `pod.NAME.sockets`. `dump.ms` is what the dump cost; `netns` is
 * every node's number in the kernel's log: "table full in netns 4026532345".
 */
export const culprit: Probe = {
  name: 'culprit',
  inspect: async (probed) => {
    if (!probed.inspected.includes('culprit')) return {};
    const numbers = probed.nodes.map((node) => [
      prefixed(probed, node, 'netns'),
      probed.namespace(node).inode,
    ]);
    const node = worst(probed);
    const pods = node === undefined ? {} : await inTable(probed, node);
    return { ...(Object.fromEntries(numbers) as Record<string, number>), ...pods };
  },
};

/** By the counter that every node keeps; where none has dropped anything yet, the node under test, if it can be entered. */
function worst({ nodes, node: underTest, table }: Probed): string | undefined {
  const drops = nodes.map((node) => ({ node, drop: table(node).read().counters.drop }));
  const most = drops.reduce((a, b) => (b.drop > a.drop ? b : a));
  if (most.drop > 0) return most.node;
  return nodes.includes(underTest) ? underTest : undefined;
}

async function inTable(probed: Probed, node: string): Promise<Record<string, number>> {
  const began = performance.now();
  const entries = await probed.podEntries(node);
  const ms = performance.now() - began;
  const opened = Map.groupBy(entries, ({ source }) => probed.podAt(source) ?? source);
  const figures = [
    ['dump.ms', Math.round(ms * 10) / 10],
    ...[...opened].map(([pod, of]) => [`pod.${pod}.entries`, of.length] as const),
    ...probed.podsOn(node).map((pod) => [`pod.${pod}.sockets`, socketsInUse(probed.namespace(pod))] as const),
  ] as const;
  return Object.fromEntries(figures.map(([name, value]) => [prefixed(probed, node, name), value]));
}

function prefixed({ node: underTest }: Probed, node: string, name: string): string {
  return node === underTest ? name : `${node}.${name}`;
}
