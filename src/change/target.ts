import type { Host } from '../host/host.ts';
import type { Done, Value } from './done.ts';
import type { ManifestObject } from './kubernetes-object.ts';
import type { KubeProxySettings } from './kube-proxy-settings.ts';

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
  /** Definitions that rules need on a node. */
  readonly definitions: (rules: readonly string[], node: string) => string;
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
  /** Changes that each lab makes in its own way; undefined where it can't. */
  readonly own: Own;
}

/** A change of one line of the Corefile. */
type CorefileChange =
  | { readonly kind: 'record-ttl'; readonly seconds: number }
  | { readonly kind: 'coredns-forward'; readonly options: readonly string[] };

/** @see Target.own */
export interface Own {
  readonly endpoints: (change: {
    readonly service: string;
    readonly pods?: string | undefined;
    readonly grace: number;
  }) => Promise<Done>;
  /** The options of every pod's resolv.conf. */
  readonly resolver: ((change: { readonly options: readonly string[] }) => Promise<Done>) | undefined;
  readonly nodeDns: (change: { readonly notrack: boolean }) => Promise<Done>;
  /** Undefined where another program gives out addresses. */
  readonly readdress?: (change: { readonly pods: string; readonly of: string }) => Promise<Done>;
  /** Undefined where another program writes the rules of services. */
  readonly unprogrammed?: (change: { readonly service: string }) => Promise<Done>;
  /** Waits for a restart that the harness requests. */
  readonly kubeProxy: ((settings: KubeProxySettings) => Promise<Done>) | undefined;
  /** Made by a cluster's API server; only a dry run has it here. */
  readonly sysctlDaemonset?: (change: {
    readonly sysctls: Readonly<Record<string, number>>;
  }) => Promise<Done>;
  /** As `sysctlDaemonset`. */
  readonly manifest?: (change: { readonly objects: readonly ManifestObject[] }) => Promise<Done>;
  /** The Corefile of CoreDNS. */
  readonly corefile: ((change: CorefileChange) => Promise<Done>) | undefined;
}

/** The machine's own table, as long as its lock is held. */
export interface Machine {
  raiseMax(add: number): Promise<Done>;
  multiplyBuckets(times: number): Promise<Done>;
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
