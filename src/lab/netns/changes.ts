import type { NetNamespace } from '../../kernel/netns.ts';
import { hasNftTable, nft } from '../../kernel/nft.ts';
import { readSysctl, writeSysctl } from '../../kernel/sysctl.ts';
import { EVERY_NODE, type Change, type Immediate } from '../../scenario/change.ts';
import type { Nginx } from '../../load/nginx.ts';
import type { Node, Pod } from './addresses.ts';
import type { Ballast } from './ballast.ts';
import { undone, type Done, type Reading } from './done.ts';
import { withOptions, type ResolverFiles } from './resolv.ts';
import type { Spaces } from './spaces.ts';

/** What the changes of a lab act on. */
export interface Target {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly spaces: Spaces;
  readonly resolver: ResolverFiles | undefined;
  readonly ballast: Ballast;
  readonly proxies: readonly Nginx[];
  /** The demand's settings, which a `load` change replaces. */
  demand: Readonly<Record<string, unknown>>;
}

let tables = 0;

/** Applies one change from inside the capsule. @throws Error where this lab can't, with the reason */
export async function applyChange(change: Immediate, target: Target): Promise<Done> {
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
    case 'load':
      return load(change, target);
    case 'limit':
      return target.ballast.giveBack(change.add);
    case 'squeeze':
      return target.ballast.fill(change.free);
    case 'buckets':
      throw new Error('nf_conntrack_buckets is global: only root can change it');
  }
}

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

function on(node: string, { nodes, spaces }: Target): readonly NetNamespace[] {
  const named = nodes.filter(({ name }) => node === EVERY_NODE || name === node);
  if (named.length === 0)
    throw new Error(
      `there is no node ${node}: use ${nodes.map(({ name }) => name).join(', ')} or ${EVERY_NODE}`,
    );
  return named.map(({ name }) => spaces.get(name));
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

function resolver({ options }: ChangeOf<'resolver'>, { resolver: files }: Target): Done {
  if (files === undefined) throw new Error('this topology has no resolver: give it topology.resolver');
  const before = files.options;
  files.set(withOptions(before, options));
  const undo = (): Promise<Reading> =>
    undone(before.join(' '), () => {
      files.set(before);
      return files.options.join(' ');
    });
  return { found: before.join(' '), readBack: files.options.join(' '), emulated: false, undo };
}

function load({ set }: ChangeOf<'load'>, target: Target): Done {
  const before = target.demand;
  const read = (): string =>
    Object.keys(set)
      .map((key) => `${key}=${String(target.demand[key])}`)
      .join(' ');
  const found = read();
  target.demand = { ...before, ...set };
  const undo = (): Promise<Reading> =>
    undone(found, () => {
      target.demand = before;
      return read();
    });
  return { found, readBack: read(), emulated: false, undo };
}
