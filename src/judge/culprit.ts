import type { Run } from '../history/run.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

interface PodCount {
  readonly pod: string;
  readonly entries: number;
  readonly sockets: number;
}

/**
 * Names the worst-dropping node, the pod that fills its table, and the pod with the most sockets.
 *
 * @returns undefined where pods were not counted, or no node dropped a packet
 */
export function nameCulprit(run: Run, figures: Figures): string | undefined {
  const { topology, node: underTest } = run.header.protocol;
  const of = (node: string, name: string): number | undefined =>
    figures[node === underTest ? name : `${node}.${name}`];
  const nodes = topology.nodes
    .map((node) => ({ node, drop: of(node, 'drop.delta') ?? 0 }))
    .sort((a, b) => b.drop - a.drop);
  const [worst, ...others] = nodes;
  if (worst === undefined || worst.drop === 0) return undefined;
  const pods = podsOf(figures, worst.node === underTest ? '' : `${worst.node}.`);
  const [first] = pods.toSorted((a, b) => b.entries - a.entries);
  const [second] = pods.toSorted((a, b) => b.sockets - a.sockets);
  if (first === undefined || second === undefined) return undefined;
  const all = pods.reduce((sum, { entries }) => sum + entries, 0);
  const next = others[0]?.drop ?? 0;
  return [
    `${worst.node} drops (${count(worst.drop)}), ${next === 0 ? 'no other node does' : `the next ${count(next)}`}`,
    `pod ${first.pod} has ${count(first.entries)} of its pods’ ${count(all)} entries, and ${count(first.sockets)} sockets`,
    `most sockets: ${second.pod}, ${count(second.sockets)}, with ${count(second.entries)} entries`,
    ...inKernelLog(run, worst.node, of(worst.node, 'netns')),
  ].join('; ');
}

function podsOf(figures: Figures, prefix: string): readonly PodCount[] {
  const start = `${prefix}pod.`;
  const end = '.sockets';
  return Object.entries(figures).flatMap(([name, sockets]) => {
    if (!name.startsWith(start) || !name.endsWith(end)) return [];
    const pod = name.slice(start.length, -end.length);
    return [{ pod, sockets, entries: figures[`${start}${pod}.entries`] ?? 0 }];
  });
}

/** Since about 6.17 the kernel's line names the network namespace. */
function inKernelLog(run: Run, node: string, netns: number | undefined): readonly string[] {
  if (netns === undefined) return [];
  const text = `table full in netns ${String(netns)}`;
  const lines = run.ofType('kernel-log').flatMap((event) => event.lines);
  const named = lines.filter((line) => line.includes(`${text},`));
  return named.length > 0 ? [`the kernel’s log: ${text}, which is ${node}, ×${count(named.length)}`] : [];
}
