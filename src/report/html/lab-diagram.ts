import type { Element, ElementContent } from 'hast';
import { s } from 'hastscript';
import { count } from '../../judge/words.ts';
import type { SqueezeReport } from '../../schema/history.ts';
import type { RunHeader } from '../../schema/run-header.ts';
import { serviceOf } from '../../schema/topology.ts';

const WIDTH = 1000;
const COLUMNS = 3;
const BOX = { gap: 24, head: 34, row: 30, table: 54 };

type Role = 'client' | 'server' | 'other';

interface PodSet {
  readonly name: string;
  readonly replicas: number;
  readonly role: Role;
}

interface Box {
  readonly node: string;
  readonly sets: readonly PodSet[];
  readonly isTested: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The lab: nodes, the pods on each, where the demand goes, and whose table is under test. */
export function labDiagram({ protocol }: RunHeader, squeeze: SqueezeReport): Element {
  const boxes = boxesOf(protocol);
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const told = boxes.map(
    ({ node, sets, isTested }) =>
      `${node}${isTested ? ', whose conntrack table is under test' : ''}: ${sets.map(({ name, replicas }) => `${String(replicas)} × ${name}`).join(', ') || 'no pods'}`,
  );
  return s(
    'svg',
    {
      class: 'lab',
      viewBox: `0 0 ${String(WIDTH)} ${String(bottom + 8)}`,
      role: 'img',
      ariaLabelledBy: ['lab-title', 'lab-desc'],
    },
    [
      s('title', { id: 'lab-title' }, 'The lab: nodes and the pods on them'),
      s('desc', { id: 'lab-desc' }, `${told.join('; ')}. ${demandOf(protocol)}.`),
      ...arrows(boxes),
      ...boxes.flatMap((box) => drawBox(box, squeeze)),
    ],
  );
}

/** `the pods simple-app call the service web on port 80; the pods server answer`. */
export function demandOf({ demand, topology }: RunHeader['protocol']): string {
  const pods = 'pods' in demand ? demand.pods : undefined;
  const service = 'service' in demand ? demand.service : undefined;
  const behind = serviceOf(demand, topology);
  if (pods === undefined) return `the demand is a load of kind ${demand.kind}`;
  if (service === undefined) return `the pods ${pods} offer the demand, a load of kind ${demand.kind}`;
  if (behind === undefined) return `the pods ${pods} call the service ${service}`;
  return `the pods ${pods} call the service ${service} on port ${String(behind.port)}; the pods ${behind.pods} answer`;
}

function boxesOf(protocol: RunHeader['protocol']): readonly Box[] {
  const { topology, node, demand } = protocol;
  const client = 'pods' in demand ? demand.pods : undefined;
  const server = serviceOf(demand, topology)?.pods;
  const columns = Math.min(COLUMNS, Math.max(1, topology.nodes.length));
  const width = (WIDTH - (columns - 1) * BOX.gap) / columns;
  const sets = (on: string): readonly PodSet[] =>
    Object.entries(topology.pods).flatMap(([name, { nodes, replicas }]) =>
      nodes.includes(on)
        ? [{ name, replicas, role: name === client ? 'client' : name === server ? 'server' : 'other' }]
        : [],
    );
  const heights = topology.nodes.map(
    (each) => BOX.head + Math.max(1, sets(each).length) * BOX.row + (each === node ? BOX.table : 0) + 12,
  );
  let top = 4;
  return topology.nodes.map((each, i) => {
    const column = i % columns;
    const row = heights.slice(i - column, i - column + columns);
    const y = top;
    const height = Math.max(...row);
    if (column === columns - 1) top += height + BOX.gap;
    return {
      node: each,
      sets: sets(each),
      isTested: each === node,
      x: column * (width + BOX.gap),
      y,
      width,
      height,
    };
  });
}

function drawBox(box: Box, squeeze: SqueezeReport): readonly ElementContent[] {
  const { node, sets, isTested, x, y, width, height } = box;
  return [
    s('rect', { class: ['node', isTested ? 'tested' : ''], x, y, width, height, rx: 10 }),
    s('text', { class: 'node-name', x: x + 14, y: y + 23 }, node),
    ...sets.flatMap(({ name, replicas, role }, i) => {
      const top = y + BOX.head + i * BOX.row;
      return [
        s('rect', {
          class: ['pods', role],
          x: x + 12,
          y: top,
          width: width - 24,
          height: BOX.row - 6,
          rx: 6,
        }),
        s('text', { class: 'pods-name', x: x + 22, y: top + 16 }, `${name} × ${String(replicas)}`),
        ...(role === 'other'
          ? []
          : [s('text', { class: 'role', x: x + width - 22, y: top + 16, textAnchor: 'end' }, role)]),
      ];
    }),
    ...(isTested ? tableOf(box, squeeze) : []),
  ];
}

/** The table under test: how much of it is taken before the demand comes. */
function tableOf({ x, y, width, height }: Box, { kind, got }: SqueezeReport): readonly ElementContent[] {
  const { free, nf_conntrack_max: limit } = got;
  const top = y + height - BOX.table - 2;
  const wide = width - 24;
  const said =
    limit === undefined
      ? 'conntrack table under test'
      : free === undefined
        ? `conntrack table, at most ${count(limit)} entries (${kind})`
        : `conntrack table, ${count(free)} of ${count(limit)} free (${kind})`;
  // Some free entries of many are no pixel: a slit is left to see.
  const taken = limit === undefined || free === undefined ? 0 : Math.min(wide - 6, (1 - free / limit) * wide);
  return [
    s('rect', { class: 'table', x: x + 12, y: top + 8, width: wide, height: 16, rx: 4 }),
    ...(taken > 0
      ? [s('rect', { class: 'table taken', x: x + 12, y: top + 8, width: taken, height: 16, rx: 4 })]
      : []),
    s('text', { class: 'role', x: x + 14, y: top + 42 }, said),
  ];
}

/** From the client’s pods to the server’s. */
function arrows(boxes: readonly Box[]): readonly ElementContent[] {
  const at = (role: Role): readonly (readonly [box: Box, y: number])[] =>
    boxes.flatMap((box) => {
      const i = box.sets.findIndex((set) => set.role === role);
      return i < 0 ? [] : [[box, box.y + BOX.head + i * BOX.row + (BOX.row - 6) / 2] as const];
    });
  const servers = at('server');
  return at('client').flatMap(([from, y0]) =>
    servers
      .filter(([to]) => to !== from)
      .map(([to, y1]) => {
        const right = to.x > from.x || to.x === from.x;
        const [x0, x1] = right ? [from.x + from.width - 12, to.x + 12] : [from.x + 12, to.x + to.width - 12];
        const bend = Math.max(30, Math.abs(x1 - x0) / 2) * (right ? 1 : -1);
        return s('path', {
          class: 'demand',
          d: `M${String(x0)} ${String(y0)}C${String(x0 + bend)} ${String(y0)} ${String(x1 - bend)} ${String(y1)} ${String(x1)} ${String(y1)}`,
        });
      }),
  );
}
