import { demand } from './demand.ts';
import { derived } from './derived.ts';
import { entries } from './entries.ts';
import type { FigureGroup, LabFigure, LoadFigure, NodeFigure, NodeLoadFigure } from './figure.ts';
import { filling } from './filling.ts';
import { harness } from './harness.ts';
import { k6 } from './k6.ts';
import { kubeProxy } from './kube-proxy.ts';
import { own } from './own.ts';
import { packets } from './packets.ts';
import { exchange } from './exchange.ts';
import { reconnect } from './reconnect.ts';
import { recovery } from './recovery.ts';
import { retransmissions } from './retransmissions.ts';
import { servers } from './servers.ts';
import { table } from './table.ts';

/** All figures by subject. A lab figure may use those declared before it. */
export const FIGURE_GROUPS: readonly FigureGroup[] = [
  demand,
  retransmissions,
  recovery,
  reconnect,
  exchange,
  k6,
  own,
  table,
  filling,
  packets,
  servers,
  entries,
  kubeProxy,
  derived,
  harness,
];

const FIGURES = FIGURE_GROUPS.flatMap(({ figures }) => figures);

export const LOAD_FIGURES: readonly LoadFigure[] = FIGURES.filter((figure) => figure.scope === 'load');
export const NODE_LOAD_FIGURES: readonly NodeLoadFigure[] = FIGURES.filter(
  (figure) => figure.scope === 'load-on-node',
);
export const NODE_FIGURES: readonly NodeFigure[] = FIGURES.filter((figure) => figure.scope === 'node');
export const LAB_FIGURES: readonly LabFigure[] = FIGURES.filter((figure) => figure.scope === 'lab');
