import { sockstat } from '../../kernel/sockstat.ts';
import type { Probe, Probed } from './probe.ts';

/**
 * Which pods fill the table of the agent's worst-dropping node, from one dump: entries by opener
 * (`pod.NAME.entries`). For comparison, `pod.NAME.sockets` counts sockets at the same moment. `dump.ms` is
 * the cost of the dump. `netns` is each node's number in the kernel's log: "table full in netns 4026532345".
 */
export const culprit: Probe = {
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

/** By the `drop` counter; without drops, the node under test, if this agent has it. */
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
    ...probed
      .podsOn(node)
      .map((pod) => [`pod.${pod}.sockets`, sockstat(probed.namespace(pod)).inUse] as const),
  ] as const;
  return Object.fromEntries(figures.map(([name, value]) => [prefixed(probed, node, name), value]));
}

function prefixed({ node: underTest }: Probed, node: string, name: string): string {
  return node === underTest ? name : `${node}.${name}`;
}
