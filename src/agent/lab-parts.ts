import { applyChange, type LabTarget } from '../change/index.ts';
import { HttpClients, HttpServers } from '../load/engine/http-engine.ts';
import { AppliedChanges } from './applied-changes.ts';
import type { Ballasts } from './ballasts.ts';
import { Clearing, markedTables } from './clearing.ts';
import { packetPathFill } from './fill.ts';
import type { Endpoints, AgentEnvironment } from './agent-environment.ts';
import { LabSettings } from './lab-settings.ts';
import { locate } from './network.ts';
import { Observer } from './observer.ts';
import { OfferedLoads } from './offered-loads.ts';
import { PodResolvers } from './pod-resolvers.ts';
import { probedOf } from './probed.ts';
import type { Recording } from './recording.ts';
import type { Up } from './rpc.ts';
import { Sampler } from './sampler.ts';
import { Servers } from './servers.ts';
import { ownTables, Tables } from './tables.ts';
import { settingsOf, targetOf } from './target.ts';

/** What a lab consists of on an agent's nodes. */
export interface LabParts {
  readonly servers: Servers;
  readonly loads: OfferedLoads;
  /** Of every load. */
  readonly http: HttpClients;
  readonly resolvers: PodResolvers;
  readonly changes: AppliedChanges;
  readonly target: LabTarget & { readonly ballasts: Ballasts };
  readonly observer: Observer;
  readonly clearing: Clearing;
}

/** Makes the parts, each of which needs some of the others. @param pace of the running phase */
export function labParts(
  { protocol, squeeze, seed, epoch }: Up,
  environment: AgentEnvironment,
  recording: Recording,
  pace: () => number,
): LabParts {
  const began = BigInt(epoch);
  const { network, namespaces, own } = environment;
  const settings = new LabSettings(settingsOf(protocol), recording.trace);
  const podTables = ownTables(protocol, environment);
  const tables = new Tables([...own, ...podTables], namespaces);
  const resolvers = new PodResolvers(namespaces);
  const servers = new Servers({
    namespaces,
    http: new HttpServers(began),
    zones: {
      cluster: (name) => endpoints.addresses(name),
      ttl: () => settings.recordTtl,
    },
    locate: (call) => locate(network, call),
    calls: () => settings.calls,
    resolver: (pod) => resolvers.caller(pod),
  });
  const endpoints: Endpoints = environment.endpoints(servers);
  const http = new HttpClients(began);
  const loads = new OfferedLoads({ protocol, seed, environment, settings, resolvers, endpoints, http });
  const target = targetOf({
    ...{ protocol, squeeze, environment, endpoints, settings },
    proxies: servers.proxies,
    fillForReal: packetPathFill(network, namespaces, environment.hosts),
    onSqueeze: (report) => {
      recording.emit({ type: 'squeeze', t: recording.now(), cycle: changes.cycle, report });
    },
  });
  const changes = new AppliedChanges(
    (change) => {
      environment.beforeChange?.(change);
      return applyChange(change, target);
    },
    environment.events ?? protocol.events,
    (event) => {
      recording.emit({ ...event, t: recording.now() });
      recording.deliver();
    },
  );
  const sampler = new Sampler({ epoch: began, tables: tables.files }, recording.emit);
  const probed = probedOf({
    protocol,
    environment,
    table: (node) => tables.get(node),
    served: async () => ({ ...servers.totals(), ...(await environment.totals()) }),
    resolvers: () => resolvers.demand,
    demand: () => loads.load('demand', pace()),
    services: () => target.services(),
  });
  const observer = new Observer(probed, sampler, recording.now, recording.emit);
  const marked = markedTables(protocol, squeeze, { nodes: own, pods: podTables });
  const clearing = new Clearing(marked, (name) => environment.hosts.get(name), target.ballasts);
  return { servers, loads, http, resolvers, changes, target, observer, clearing };
}
