import type { Host } from '../host/host.ts';
import type { Done, Value } from './done.ts';

/** A service, as far as stale entries need it. */
export interface ServiceEntry {
  readonly protocol: number;
  readonly ip: string;
  readonly port: number;
  readonly endpoints: readonly string[];
}

/** Settings of the lab, effective at their next use. */
export interface Settings {
  /** @throws Error naming the known settings, where this name is unknown */
  get(name: string): Readonly<Record<string, unknown>>;
  set(name: string, values: Readonly<Record<string, unknown>>): void;
}

/** A program that restarts to change its setting. */
export interface Proxy {
  readonly name: string;
  readonly keepalive: number;
  start(keepalive: number): Promise<void>;
}

/** What changes act on: the nodes and pods of one agent, and the lab's parts on them. */
export interface Target {
  /** The nodes that a change's `node` names. @throws Error naming the known nodes */
  readonly nodes: (node: string) => readonly Host[];
  /** A node's address, and the range of its pods'. @throws Error where there is no such node */
  readonly place: (node: string) => { readonly ip: string; readonly podCidr: string };
  /** The pods of a set. @throws Error where there are none */
  readonly pods: (set: string) => readonly Host[];
  /** Definitions that rules need on a node, or in a pod. */
  readonly definitions: (rules: readonly string[], host: string) => string;
  readonly settings: Settings;
  readonly proxies: readonly Proxy[];
  /** Fills tables. */
  readonly ballasts: {
    fill(change: {
      readonly node: string;
      readonly alike?: readonly string[] | undefined;
      readonly free: number;
      readonly assured?: boolean | undefined;
    }): Promise<Done>;
    giveBack(count: number): Promise<Done>;
  };
  /** Every service with its current endpoints. */
  readonly services: () => readonly ServiceEntry[];
  /** Gives a service the pods of another set, or none; the old ones go `grace` seconds later. */
  readonly repoint: (change: {
    readonly service: string;
    readonly pods?: string | undefined;
    readonly grace: number;
  }) => Promise<Done>;
}

/** The machine's own table, as long as its lock is held. */
export interface Machine {
  raiseMax(add: number): Promise<Done>;
  multiplyBuckets(times: number): Promise<Done>;
  /** Sets the maximum, and buckets in proportion. Its undo restores everything, and ends the hold. */
  lowerMax(max: number): Promise<Done>;
}

/** Names of settings beside the loads', which are the loads' names. */
export const LAB_SETTINGS = { calls: 'the calls of apps', dns: 'the DNS of the lab' } as const;

/** Setting values as a change records them. */
export function settingsRead(
  settings: Settings,
  name: string,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  const values = settings.get(name);
  return Object.fromEntries(keys.map((key) => [key, (values[key] ?? 'unset') as Value]));
}
