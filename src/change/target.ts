import type { Host } from '../host/host.ts';
import type { Done, Value } from './done.ts';
import type { KubeProxySettings } from './kube-proxy-settings.ts';

/** A service, as far as stale entries tell. */
export interface ServiceEntry {
  readonly protocol: number;
  readonly ip: string;
  readonly port: number;
  readonly endpoints: readonly string[];
}

/** Settings of the lab itself, which take effect with what reads them next. */
export interface Settings {
  /** @throws Error naming those there are, where there is none of this name */
  get(name: string): Readonly<Record<string, unknown>>;
  set(name: string, values: Readonly<Record<string, unknown>>): void;
}

/** A program that is restarted with another setting. */
export interface Proxy {
  readonly name: string;
  readonly keepalive: number;
  start(keepalive: number): Promise<void>;
}

/** What changes act on: the nodes and pods of one agent, and what the lab has on them. */
export interface Target {
  /** The nodes that a change's `node` stands for. @throws Error naming those there are */
  readonly nodes: (node: string) => readonly Host[];
  /** The pods of a set. @throws Error where there is none */
  readonly pods: (set: string) => readonly Host[];
  /** What rules need defined on a node. */
  readonly definitions: (rules: readonly string[], node: string) => string;
  readonly settings: Settings;
  readonly proxies: readonly Proxy[];
  /** What takes the room of tables. */
  readonly ballasts: {
    fill(change: {
      readonly node: string;
      readonly alike?: readonly string[] | undefined;
      readonly free: number;
      readonly assured?: boolean | undefined;
    }): Promise<Done>;
    giveBack(count: number): Promise<Done>;
  };
  /** Every service as it stands now. */
  readonly services: () => readonly ServiceEntry[];
  /** What each lab makes in its own way; undefined where it has nothing of the kind. */
  readonly own: Own;
}

/** A line of the Corefile that is changed. */
export type CorefileChange =
  | { readonly kind: 'record-ttl'; readonly seconds: number }
  | { readonly kind: 'coredns-forward'; readonly options: readonly string[] };

/** @see Target.own */
export interface Own {
  readonly endpoints: (change: {
    readonly service: string;
    readonly pods: string;
    readonly grace: number;
  }) => Promise<Done>;
  /** The options of every pod's resolv.conf. */
  readonly resolver: ((change: { readonly options: readonly string[] }) => Promise<Done>) | undefined;
  readonly nodeDns: (change: { readonly notrack: boolean }) => Promise<Done>;
  /** Awaits a restart that the harness asks for. */
  readonly kubeProxy: ((settings: KubeProxySettings) => Promise<Done>) | undefined;
  /** Made by a cluster's API server alone; only a dry run has it here. */
  readonly sysctlDaemonset?: (change: {
    readonly sysctls: Readonly<Record<string, number>>;
  }) => Promise<Done>;
  /** The Corefile of CoreDNS. */
  readonly corefile: ((change: CorefileChange) => Promise<Done>) | undefined;
}

/** Which settings there are beside the loads', which go by the loads' names. */
export const LAB_SETTINGS = { calls: 'the calls of apps', dns: 'the DNS of the lab' } as const;

/** A value that settings hold, as a change reads it. */
export function settingsRead(
  settings: Settings,
  name: string,
  keys: readonly string[],
): Readonly<Record<string, Value>> {
  const values = settings.get(name);
  return Object.fromEntries(keys.map((key) => [key, (values[key] ?? 'unset') as Value]));
}
