import { immediateOf, wordOf } from '../change/index.ts';
import { sayValue } from '../change/done.ts';
import type { Run } from '../history/run.ts';
import type { EventOf } from '../schema/history.ts';
import { CLUSTER, MACHINE } from '../change/places.ts';

/** A change of a run, on all the nodes that it was made on at once. */
export interface ChangeMade {
  readonly cycle: string;
  /** The sysctl, or the kind of change. */
  readonly what: string;
  readonly nodes: readonly string[];
  readonly before: string;
  readonly after: string;
  /** ms since the run began */
  readonly at: number;
  /** When it was undone; undefined: it ended with the lab. */
  readonly undone: number | undefined;
  readonly emulated: boolean;
  /** It lies outside the lab: on the machine, or in a cluster. */
  readonly outside: boolean;
}

/** ms. Nodes of one change are changed within it. */
const TOGETHER = 1000;
const OUTSIDE: readonly string[] = [MACHINE, CLUSTER];

/** The changes of a run, as one reads them: the same change on three nodes is one. */
export function changesMade(run: Run): readonly ChangeMade[] {
  const made: (ChangeMade & { nodes: string[]; undone: number | undefined; readonly key: string })[] = [];
  for (const event of run.ofType('change')) {
    const key = `${event.cycle} ${JSON.stringify(event.change)}`;
    const open = made.findLast((each) => each.key === key && each.undone === undefined);
    if (event.action === 'undo') {
      const own = made.find(
        (each) => each.key === key && each.undone === undefined && each.nodes.includes(event.node),
      );
      if (own) own.undone = event.t;
      continue;
    }
    const [before, after] = [sayValue(event.before), sayValue(event.after)];
    const alike = open?.before === before && open.after === after && event.t - open.at < TOGETHER;
    if (open && alike && !open.nodes.includes(event.node)) open.nodes.push(event.node);
    else made.push({ key, ...one(event, before, after) });
  }
  return made.map(({ key: _, ...change }) => change);
}

function one(event: EventOf<'change'>, before: string, after: string) {
  const { cycle, node, t: at, emulated } = event;
  const what = wordOf(immediateOf(event.change));
  const outside = OUTSIDE.includes(node);
  return { cycle, what, nodes: [node], before, after, at, undone: undefined, emulated, outside };
}

/** `nf_conntrack_tcp_be_liberal: 0 → 1 on 3 nodes`. */
export function sayMade({ what, nodes, before, after, emulated }: ChangeMade): string {
  const [first = ''] = nodes;
  const where = nodes.length === 1 ? first : `${String(nodes.length)} nodes`;
  return `${what}: ${before === '' ? 'nothing' : before} → ${after} on ${where}${emulated ? ' (emulated)' : ''}`;
}
