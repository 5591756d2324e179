import { applyChange, isOn, type LabTarget } from '../change/index.ts';
import { HttpClients, HttpServers } from '../load/engine/http-engine.ts';
import { AppliedChanges } from './applied-changes.ts';
import type { Ballasts } from './ballasts.ts';
import { packetPathFill } from './fill.ts';
import type { Endpoints, Ground } from './ground.ts';
import { LabSettings } from './lab-settings.ts';
import { locate } from './network.ts';
import { Observer } from './observer.ts';
import { OfferedLoads } from './offered-loads.ts';
import { PodResolvers } from './pod-resolvers.ts';
import { probedOf } from './probed.ts';
import type { Recording } from './recording.ts';
import type { Request } from './rpc.ts';
import { Sampler } from './sampler.ts';
import { Servers } from './servers.ts';
import { ownTables, Tables } from './tables.ts';
import { settingsOf, targetOf } from './target.ts';

export type Up = Extract<Request, { method: 'up' }>;

/** What a lab consists of on an agent's nodes. */
export interface LabParts {
  readonly servers: Servers;
  readonly loads: OfferedLoads;
  readonly resolvers: PodResolvers;
  readonly changes: AppliedChanges;
  readonly target: LabTarget & { readonly ballasts: Ballasts };
  readonly observer: Observer;
  /** Pods whose own tables are sampled. */
  readonly ownTables: readonly string[];
}

/** Makes the parts, each of which needs some of the others. @param pace of the running phase */
export function labParts(
  { protocol, squeeze, seed, epoch }: Up,
  ground: Ground,
  recording: Recording,
  pace: () => number,
): LabParts {
  const began = BigInt(epoch);
  const { network, spaces, own } = ground;
  const settings = new LabSettings(settingsOf(protocol), recording.trace);
  const podTables = ownTables(protocol, ground);
  const tables = new Tables([...own, ...podTables], spaces);
  const resolvers = new PodResolvers(spaces);
  const servers = new Servers({
    spaces,
    http: new HttpServers(began),
    zones: {
      cluster: (name) => endpoints.addresses(name),
      ttl: () => settings.recordTtl,
    },
    locate: (call) => locate(network, call),
    calls: () => settings.calls,
    resolver: (pod) => resolvers.caller(pod),
  });
  const endpoints: Endpoints = ground.endpoints(servers);
  const loads = new OfferedLoads({
    ...{ protocol, seed, ground, settings, resolvers, endpoints },
    http: new HttpClients(began),
  });
  const target = targetOf({
    ...{ protocol, squeeze, ground, endpoints, settings },
    proxies: servers.proxies,
    fillForReal: packetPathFill(network, spaces, ground.hosts),
    onSqueeze: (report) => {
      recording.emit({ type: 'squeeze', t: recording.now(), cycle: changes.cycle, report });
    },
  });
  const changes = new AppliedChanges(
    (change) => {
      ground.beforeChange?.(change);
      return applyChange(change, target);
    },
    protocol.events.filter(({ change }) => isOn(change, own)),
    (event) => {
      recording.emit({ ...event, t: recording.now() });
      recording.deliver();
    },
  );
  const sampler = new Sampler({ epoch: began, tables: tables.files }, recording.emit);
  const probed = probedOf({
    protocol,
    ground,
    table: (node) => tables.get(node),
    served: async () => ({ ...servers.totals(), ...(await ground.totals()) }),
    resolvers: () => resolvers.demand,
    demand: () => loads.load('demand', pace()),
    services: () => target.services(),
  });
  const observer = new Observer(probed, sampler, recording.now, recording.emit);
  return { servers, loads, resolvers, changes, target, observer, ownTables: podTables };
}
