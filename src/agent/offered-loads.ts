import type { LoadContext } from '../load/context.ts';
import type { HttpClients } from '../load/engine/http-engine.ts';
import { Flows } from '../load/flood/flows.ts';
import { kindOf, loadSchema, type Load } from '../load/index.ts';
import { TRAFFIC } from '../util/address-plan.ts';
import { seeded } from '../load/schedule.ts';
import type { Protocol } from '../schema/protocol.ts';
import { FloodPaths } from './flood-path.ts';
import type { Endpoints, AgentEnvironment } from './agent-environment.ts';
import type { LabSettings } from './lab-settings.ts';
import { ownedService, podsOf, type OwnedPod } from './owned.ts';
import type { PhaseScope } from './phase-scope.ts';
import type { PodResolvers } from './pod-resolvers.ts';
import { routeCrowd } from './traffic-routes.ts';

interface Parts {
  readonly protocol: Protocol;
  readonly seed: number;
  readonly environment: AgentEnvironment;
  readonly settings: LabSettings;
  readonly endpoints: Endpoints;
  readonly resolvers: PodResolvers;
  readonly http: HttpClients;
}

/** The loads of a protocol, as an agent offers them: from its own pods, with what its nodes have. */
export class OfferedLoads {
  readonly #parts: Parts;
  readonly #floods: FloodPaths;
  readonly #crowd = new Flows(TRAFFIC.crowd);

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#floods = new FloodPaths(parts.environment.namespaces, parts.environment.hosts);
  }

  /** @param pace how many times as long as stated it takes */
  load(name: string, pace: number): Load {
    const load = loadSchema.parse(this.#parts.settings.get(name));
    return kindOf(load).stretched(load, pace);
  }

  /** Whether this agent offers any part of a load. The node under test offers loads without pods. */
  offers(load: Load): boolean {
    const { environment, protocol } = this.#parts;
    return 'pods' in load
      ? this.pods(load.pods).some(({ own }) => own)
      : environment.own.includes(protocol.node);
  }

  readonly pods = (set: string): readonly [OwnedPod, ...OwnedPod[]] => podsOf(this.#parts.environment, set);

  /** @param scope of the phase in which the load is offered */
  context(scope: PhaseScope, slack: number): Omit<LoadContext, 'outcomes' | 'measured'> {
    const { environment, endpoints, resolvers, http, seed } = this.#parts;
    return {
      pods: this.pods,
      service: (name) => ownedService(environment, endpoints.service(name)),
      namespace: (name) => environment.namespaces.get(name),
      fullName: (service) => `${service}.${environment.domain}`,
      nameserver: () => environment.resolver?.nameserver ?? environment.nameserver,
      resolvers: resolvers.demand,
      floodPath: (pods, to) => this.#floods.between(this.pods(pods)[0], this.pods(to)[0]),
      crowd: async (name) => {
        await routeCrowd(environment.hosts, environment.network.pods, name);
        return this.#crowd;
      },
      happened: () => scope.scheduled,
      held: scope.held,
      http,
      slack,
      // Created for each phase: every phase offers the same demand.
      random: seeded(seed),
      signal: scope.stop.signal,
    };
  }
}
