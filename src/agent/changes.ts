import { flushMark } from '../kernel/ctnetlink.ts';
import { hasNftTable, nft } from '../kernel/nft.ts';
import { readSysctl, writeSysctl } from '../kernel/sysctl.ts';
import { EVERY_NODE, type Change, type ChangeOf } from '../schema/change.ts';
import type { Nginx } from '../server/nginx.ts';
import type { Network, Pod } from './network.ts';
import type { Ballasts } from './ballasts.ts';
import { runCommand } from './command.ts';
import type { CallSettings } from '../server/http-app.ts';
import { undone, type Done, type Reading } from '../change/done.ts';
import type { Corefile, Endpoints, NodeDns, NodeKubeProxy, PodFiles } from './ground.ts';
import { DEMAND_MARK } from './packet-rules.ts';
import type { Place } from './place.ts';
import { restorable, type Site } from '../change/restorable.ts';
import { definitionsFor } from './spare-addresses.ts';
import type { Spaces } from './spaces.ts';
import { removeInvalidRule } from './invalid-rule.ts';
import { deleteStale } from './stale.ts';

/** What the changes of a lab act on: an agent's own nodes and their pods. */
export interface Target {
  readonly nodes: readonly string[];
  readonly pods: readonly Pod[];
  /** The whole lab's: what is an agent's own is in `nodes` and `pods`. */
  readonly network: Network;
  readonly spaces: Spaces;
  readonly endpoints: Endpoints;
  readonly resolver: PodFiles | undefined;
  readonly nodeDns: NodeDns;
  readonly kubeProxy: NodeKubeProxy | undefined;
  readonly corefile: Corefile | undefined;
  /** How the apps behind services make their calls, which a `calls` change replaces. */
  readonly calls: CallSettings;
  readonly ballasts: Ballasts;
  /** The settings of every load, the demand's as `demand`, which a `load` change replaces. */
  readonly loads: Record<string, Readonly<Record<string, unknown>>>;
  /** How long an answer of the cluster's DNS may be kept, s. */
  recordTtl: number;
  readonly proxies: readonly Nginx[];
}

const COUNT = 'net.netfilter.nf_conntrack_count';

let tables = 0;

/** A change that is made at once. */
export type Instant = Exclude<Change, { kind: 'event' }>;

/** Applies one change from inside the capsule. @throws Error where this lab can't, with the reason */
export async function applyChange(change: Instant, target: Target): Promise<Done> {
  switch (change.kind) {
    case 'sysctl':
      return sysctl(change, target);
    case 'pod-sysctl':
      return podSysctl(change, target);
    case 'nft':
      return rules(change, target);
    case 'nginx':
      return nginx(change, target);
    case 'resolver':
      return resolver(change, target);
    case 'node-dns':
      return target.nodeDns.apply(change);
    case 'calls':
      return calls(change, target);
    case 'load':
      return load(change, target);
    case 'limit':
      return target.ballasts.giveBack(change.add);
    case 'squeeze':
      return target.ballasts.fill(change);
    case 'invalid-rule':
      return removeInvalidRule(placesOf(change.node, target));
    case 'flush':
      return flush(change, target);
    case 'endpoints':
      return target.endpoints.repoint(change);
    case 'conntrack-delete': {
      const { nodes, spaces, endpoints } = target;
      return deleteStale(nodes, spaces, endpoints.services);
    }
    case 'kube-proxy':
      if (target.kubeProxy === undefined) throw new Error('this lab has no kube-proxy of its own to change');
      return target.kubeProxy.restarted();
    case 'sysctl-daemonset':
      throw new Error('a DaemonSet is made through a cluster’s API server: use --lab kind');
    case 'record-ttl':
      return target.corefile?.apply(change) ?? recordTtl(change, target);
    case 'coredns-forward':
      if (target.corefile === undefined) throw new Error('the DNS of this lab is no CoreDNS');
      return target.corefile.apply(change);
    case 'command':
      return runCommand(change, placesOf(change.node, target));
    case 'buckets':
      throw new Error('nf_conntrack_buckets is global: only root can change it');
  }
}

function placesOf(node: string, { nodes, spaces }: Target): readonly Place[] {
  const named = nodes.filter((name) => node === EVERY_NODE || name === node);
  if (named.length === 0)
    throw new Error(`there is no node ${node}: use ${nodes.join(', ')} or ${EVERY_NODE}`);
  return named.map((name) => ({ name, space: spaces.get(name) }));
}

function sysctl({ node, name, value }: ChangeOf<'sysctl'>, target: Target): Promise<Done> {
  return restorable(placesOf(node, target).map((place) => sysctlOf(place, name, String(value))));
}

function podSysctl(
  { pods: set, name, value }: ChangeOf<'pod-sysctl'>,
  { pods, spaces }: Target,
): Promise<Done> {
  const named = pods.filter((pod) => pod.set === set);
  if (named.length === 0) throw new Error(`there are no pods ${set}; add them to topology.pods`);
  const places = named.map((pod) => ({ name: pod.name, space: spaces.get(pod.name) }));
  return restorable(places.map((place) => sysctlOf(place, name, value)));
}

function sysctlOf({ name: place, space }: Place, name: string, value: string): Site {
  const write = (what: string): string => space.within(() => writeSysctl(name, what));
  return {
    name: place,
    read: () => space.within(() => readSysctl(name)),
    make: () => write(value),
    restore: write,
  };
}

function rules(
  { node, type = 'filter', hook, priority, rules: lines }: ChangeOf<'nft'>,
  target: Target,
): Promise<Done> {
  const table = `tablefull-change-${String(++tables)}`;
  const body = [`type ${type} hook ${hook} priority ${String(priority)};`, ...lines].join('\n');
  const sites = placesOf(node, target).map(({ name, space }): Site => ({
    name,
    read: async () => ((await hasNftTable(space, table)) ? 'present' : 'absent'),
    make: () => {
      const definitions = definitionsFor(lines, name, target.network);
      return nft(space, `${definitions}table ip ${table} {\nchain ${hook} {\n${body}\n}\n}\n`);
    },
    restore: async () => {
      if (await hasNftTable(space, table)) await nft(space, `delete table ip ${table}\n`);
    },
  }));
  return restorable(sites, (seen) => seen.join(' '));
}

/** Found and read back are entries. Deleting is not undone: there is nothing to put back. */
function flush({ node }: ChangeOf<'flush'>, target: Target): Done {
  const spaces = placesOf(node, target).map(({ space }) => space);
  const entries = (): string =>
    String(spaces.reduce((sum, space) => sum + Number(space.within(() => readSysctl(COUNT))), 0));
  const found = entries();
  for (const space of spaces) flushMark(space, DEMAND_MARK);
  const readBack = entries();
  const undo = (): Promise<Reading> => Promise.resolve({ found: readBack, readBack });
  return { found, readBack, emulated: false, undo };
}

function nginx({ keepalive }: ChangeOf<'nginx'>, { proxies }: Target): Promise<Done> {
  if (proxies.length === 0) throw new Error('this topology has no nginx: give it a service with that app');
  const sites = proxies.map((proxy, i): Site => ({
    name: `nginx ${String(i)}`,
    read: () => `keepalive ${String(proxy.keepalive)}`,
    make: () => proxy.start(keepalive),
    restore: (found) => proxy.start(Number(found.replace('keepalive ', ''))),
  }));
  return restorable(sites, (seen) => seen.join(' '));
}

function resolver(change: ChangeOf<'resolver'>, { resolver: files }: Target): Promise<Done> {
  if (files === undefined) throw new Error('this topology has no resolver: give it topology.resolver');
  return files.apply(change);
}

function calls({ set }: ChangeOf<'calls'>, { calls: settings }: Target): Done {
  const before = { ...settings };
  const read = (): string => `reuse=${String(settings.reuse)} trailingDot=${String(settings.trailingDot)}`;
  const found = read();
  settings.reuse = set.reuse ?? before.reuse;
  settings.trailingDot = set.trailingDot ?? before.trailingDot;
  const readBack = read();
  const undo = (): Promise<Reading> =>
    undone(found, () => {
      Object.assign(settings, before);
      return read();
    });
  return { found, readBack, emulated: false, undo };
}

function load({ of = 'demand', set }: ChangeOf<'load'>, { loads }: Target): Done {
  const before = loads[of];
  if (before === undefined) throw new Error(`there is no load ${of}: use ${Object.keys(loads).join(', ')}`);
  const read = (): string =>
    Object.keys(set)
      .map((key) => `${key}=${String(loads[of]?.[key])}`)
      .join(' ');
  const found = read();
  loads[of] = { ...before, ...set };
  const undo = (): Promise<Reading> =>
    undone(found, () => {
      loads[of] = before;
      return read();
    });
  return { found, readBack: read(), emulated: false, undo };
}

function recordTtl({ seconds }: ChangeOf<'record-ttl'>, target: Target): Done {
  const before = target.recordTtl;
  const set = (value: number): string => `ttl ${String((target.recordTtl = value))}`;
  const found = `ttl ${String(before)}`;
  return { found, readBack: set(seconds), emulated: false, undo: () => undone(found, () => set(before)) };
}
