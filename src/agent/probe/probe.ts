import type { ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import type { Table } from '../../kernel/counters.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import type { Resolver } from '../../kernel/resolver-process.ts';
import type { Stage } from '../../schema/history.ts';
import type { Load } from '../../load/index.ts';
import type { Protocol } from '../../schema/protocol.ts';

/** What a probe may look at. */
export interface Probed {
  /** The node under test. */
  readonly node: string;
  readonly nodes: readonly string[];
  readonly table: (node: string) => Table;
  readonly namespace: (name: string) => NetNamespace;
  /** What the lab's servers have counted so far, by figure. */
  readonly served: () => Promise<Readonly<Record<string, number>>>;
  /** One a pod of the demand; none in a pod that is another agent's. */
  readonly resolvers: () => readonly (Resolver | undefined)[];
  readonly demand: () => Load;
  /** What its own kube-proxy has done so far, by figure, and the bytes that it holds; where a node has one. */
  readonly kubeProxy:
    { totals(): Promise<Readonly<Record<string, number>>>; memory(): Promise<number> } | undefined;
  /** What the protocol wants read from the entries. */
  readonly inspected: Protocol['inspect'];
  /** The entries that the demand has left on a node. */
  readonly entries: (node: string) => Promise<readonly ConntrackEntry[]>;
  /** The entries that a node's pods have, the held ones too. */
  readonly podEntries: (node: string) => Promise<readonly ConntrackEntry[]>;
  /** The pods of a node, by name. */
  readonly podsOn: (node: string) => readonly string[];
  /** The name of the pod that has this address. */
  readonly podAt: (ip: string) => string | undefined;
}

type Awaitable<T> = T | Promise<T>;

/** Something that is observed over a phase. Each of its ways of looking is optional; one with none sees nothing. */
export interface Probe {
  readonly name: string;
  /** From a phase's first sample to its last. @returns what ends it, and gives the figures of the time between */
  readonly during?: (probed: Probed) => () => Readonly<Record<string, number>>;
  /** At both edges of a phase: totals by node, whose difference is a figure. */
  readonly totals?: (probed: Probed, node: string) => Promise<Readonly<Record<string, number>>>;
  /** Once, when the phase is over and its entries still stand. */
  readonly inspect?: (probed: Probed, stage: Stage) => Awaitable<Readonly<Record<string, number>>>;
  /** Once, before the demand: figures that are no difference. What it adds to the table is cleared. */
  readonly measure?: (probed: Probed, stage: Stage) => Promise<Readonly<Record<string, number>>>;
}
