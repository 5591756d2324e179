import { flushMark } from '../../kernel/ctnetlink.ts';
import type { NetNamespace } from '../../kernel/netns.ts';
import { hasNftTable, nft } from '../../kernel/nft.ts';
import { readSysctl, writeSysctl } from '../../kernel/sysctl.ts';
import { EVERY_NODE, type Change } from '../../scenario/change.ts';
import type { Nginx } from '../../load/nginx.ts';
import type { Pod } from './network.ts';
import type { Ballasts } from './ballasts.ts';
import { runCommand, type Place } from './command.ts';
import type { CallSettings } from '../../load/http-app.ts';
import { undone, type Done, type Reading } from './done.ts';
import type { Corefile, Endpoints, NodeDns, NodeKubeProxy, PodFiles } from './ground.ts';
import { DEMAND_MARK } from './packet-rules.ts';
import type { Spaces } from './spaces.ts';
import { removeInvalidRule } from './invalid-rule.ts';
import { deleteStale } from './stale.ts';

/** What the changes of a lab act on: an agent's own nodes and their pods. */
export interface Target {
  readonly nodes: readonly string[];
  readonly pods: readonly Pod[];
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
type Instant = Exclude<Change, { kind: 'event' }>;

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

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

function placesOf(node: string, { nodes, spaces }: Target): readonly Place[] {
  const named = nodes.filter((name) => node === EVERY_NODE || name === node);
  if (named.length === 0)
    throw new Error(`there is no node ${node}: use ${nodes.join(', ')} or ${EVERY_NODE}`);
  return named.map((name) => ({ node: name, space: spaces.get(name) }));
}

function on(node: string, target: Target): readonly NetNamespace[] {
  return placesOf(node, target).map(({ space }) => space);
}

function sysctl({ node, name, value }: ChangeOf<'sysctl'>, target: Target): Done {
  return setEverywhere(on(node, target), name, String(value));
}

function podSysctl({ pods: set, name, value }: ChangeOf<'pod-sysctl'>, { pods, spaces }: Target): Done {
  const named = pods.filter((pod) => pod.set === set);
  if (named.length === 0) throw new Error(`there are no pods ${set}; add them to topology.pods`);
  return setEverywhere(
    named.map((pod) => spaces.get(pod.name)),
    name,
    value,
  );
}

function setEverywhere(spaces: readonly NetNamespace[], name: string, value: string): Done {
  const say = (values: readonly string[]): string => [...new Set(values)].join(' ');
  const found = spaces.map((space) => space.within(() => readSysctl(name)));
  const write = (values: readonly string[]): string =>
    say(spaces.map((space, i) => space.within(() => writeSysctl(name, values[i] ?? ''))));
  const readBack = write(found.map(() => value));
  return { found: say(found), readBack, emulated: false, undo: () => undone(say(found), () => write(found)) };
}

async function rules(
  { node, type = 'filter', hook, priority, rules: lines }: ChangeOf<'nft'>,
  target: Target,
): Promise<Done> {
  const spaces = on(node, target);
  const table = `tablefull-change-${String(++tables)}`;
  const body = [`type ${type} hook ${hook} priority ${String(priority)};`, ...lines].join('\n');
  const look = async (): Promise<string> => {
    const there = await Promise.all(spaces.map((space) => hasNftTable(space, table)));
    return there.map((yes) => (yes ? 'present' : 'absent')).join(' ');
  };
  const found = await look();
  await Promise.all(
    spaces.map((space) => nft(space, `table ip ${table} {\nchain ${hook} {\n${body}\n}\n}\n`)),
  );
  const undo = async (): Promise<Reading> => {
    await Promise.all(spaces.map((space) => nft(space, `delete table ip ${table}\n`)));
    return undone(found, look);
  };
  return { found, readBack: await look(), emulated: false, undo };
}

/** Found and read back are entries. Deleting is not undone: there is nothing to put back. */
function flush({ node }: ChangeOf<'flush'>, target: Target): Done {
  const spaces = on(node, target);
  const entries = (): string =>
    String(spaces.reduce((sum, space) => sum + Number(space.within(() => readSysctl(COUNT))), 0));
  const found = entries();
  for (const space of spaces) flushMark(space, DEMAND_MARK);
  const readBack = entries();
  const undo = (): Promise<Reading> => Promise.resolve({ found: readBack, readBack });
  return { found, readBack, emulated: false, undo };
}

async function nginx({ keepalive }: ChangeOf<'nginx'>, { proxies }: Target): Promise<Done> {
  if (proxies.length === 0) throw new Error('this topology has no nginx: give it a service with that app');
  const say = (): string => proxies.map((proxy) => `keepalive ${String(proxy.keepalive)}`).join(' ');
  const before = proxies.map((proxy) => proxy.keepalive);
  const found = say();
  await Promise.all(proxies.map((proxy) => proxy.start(keepalive)));
  const undo = (): Promise<Reading> =>
    undone(found, async () => {
      await Promise.all(proxies.map((proxy, i) => proxy.start(before[i] ?? 0)));
      return say();
    });
  return { found, readBack: say(), emulated: false, undo };
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
