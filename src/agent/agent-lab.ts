import type { LoadContext } from '../load/context.ts';
import { HttpClients, HttpServers } from '../load/engine/http-engine.ts';
import { Canaries } from '../load/keepalive/canaries.ts';
import type { Conditions, Phase } from '../schema/history.ts';
import { applyChange, isOn, type Change, type LabTarget } from '../change/index.ts';
import { DEMAND_MARK, UNMARKED } from '../host/marks.ts';
import { prepare, type Load } from '../load/index.ts';
import { locate } from './network.ts';
import { squeezedNodes, type Protocol } from '../schema/protocol.ts';
import { AppliedChanges } from './applied-changes.ts';
import { measureCapacity } from './capacity.ts';
import { DELIVER_EVERY_MS, type Recording } from './recording.ts';
import type { Endpoints, Ground } from './ground.ts';
import { Observer } from './observer.ts';
import { probedOf } from './probed.ts';
import { OfferedLoads } from './offered-loads.ts';
import { offerAll } from './offering.ts';
import { PhaseScope } from './phase-scope.ts';
import type { PhaseStep, Request } from './rpc.ts';
import { PodResolvers } from './pod-resolvers.ts';
import { Sampler } from './sampler.ts';
import { Servers } from './servers.ts';
import { everyStep, together } from '../util/settled.ts';
import { ownTables, Tables } from './tables.ts';
import { LabSettings } from './lab-settings.ts';
import { packetPathFill } from './fill.ts';
import { settingsOf, targetOf } from './target.ts';
import type { Ballasts } from './ballasts.ts';

type Up = Extract<Request, { method: 'up' }>;

/** The part of a lab that runs on an agent's nodes. */
export class AgentLab {
  readonly #protocol: Protocol;
  readonly #squeeze: Up['squeeze'];
  readonly #ground: Ground;
  readonly #tables: Tables;
  readonly #ownTables: readonly string[];
  readonly #recording: Recording;
  readonly #changes: AppliedChanges;
  readonly #servers: Servers;
  readonly #endpoints: Endpoints;
  readonly #observer: Observer;
  readonly #target: LabTarget & { readonly ballasts: Ballasts };
  readonly #settings: LabSettings;
  readonly #loads: OfferedLoads;
  #conditions: Conditions = { pace: 1, slack: 0 };
  #canaries: Canaries | undefined;
  readonly #resolvers: PodResolvers;
  /** Scope of the running phase, or of the last one. */
  #scope = new PhaseScope();

  private constructor({ protocol, squeeze, seed, epoch }: Up, ground: Ground, recording: Recording) {
    const began = BigInt(epoch);
    this.#protocol = protocol;
    this.#squeeze = squeeze;
    const { network, spaces, own } = ground;
    this.#ground = ground;
    this.#recording = recording;
    this.#settings = new LabSettings(settingsOf(protocol), recording.trace);
    this.#ownTables = ownTables(protocol, ground);
    this.#tables = new Tables([...own, ...this.#ownTables], spaces);
    this.#resolvers = new PodResolvers(spaces);
    this.#servers = new Servers({
      spaces,
      http: new HttpServers(began),
      zones: {
        cluster: (name) => this.#endpoints.addresses(name),
        ttl: () => this.#settings.recordTtl,
      },
      locate: (call) => locate(network, call),
      calls: () => this.#settings.calls,
      resolver: (pod) => this.#resolvers.caller(pod),
    });
    this.#endpoints = ground.endpoints(this.#servers);
    this.#loads = new OfferedLoads({
      ...{ protocol, seed, ground, settings: this.#settings, resolvers: this.#resolvers },
      endpoints: this.#endpoints,
      http: new HttpClients(began),
    });
    this.#target = targetOf({
      protocol,
      squeeze,
      ground,
      endpoints: this.#endpoints,
      settings: this.#settings,
      proxies: this.#servers.proxies,
      fillForReal: packetPathFill(network, spaces, ground.hosts),
      onSqueeze: (report) => {
        this.#recording.emit({
          type: 'squeeze',
          t: this.#recording.now(),
          cycle: this.#changes.cycle,
          report,
        });
      },
    });
    const ours = protocol.events.filter(({ change }) => isOn(change, own));
    this.#changes = new AppliedChanges(
      (change) => {
        ground.beforeChange?.(change);
        return applyChange(change, this.#target);
      },
      ours,
      (event) => {
        this.#recording.emit({ ...event, t: this.#recording.now() });
        this.#recording.deliver();
      },
    );
    const sampler = new Sampler({ epoch: began, tables: this.#tables.files }, this.#recording.emit);
    const probed = probedOf({
      protocol,
      ground,
      table: (node) => this.#tables.get(node),
      served: async () => ({ ...this.#servers.totals(), ...(await ground.totals()) }),
      resolvers: () => this.#resolvers.demand,
      demand: () => this.#loads.load('demand', this.#conditions.pace),
      services: () => this.#target.services(),
    });
    this.#observer = new Observer(probed, sampler, this.#recording.now, this.#recording.emit);
  }

  static async up(request: Up, ground: Ground, recording: Recording): Promise<AgentLab> {
    const { demand } = request.protocol;
    const lab = new AgentLab(request, ground, recording);
    const nodes = ground.spaces.inodes(ground.own);
    lab.#recording.emit({ type: 'namespaces', t: lab.#recording.now(), nodes });
    await Promise.all([lab.#servers.start(), lab.#observer.ready(), prepare(request.protocol)]);
    if (ground.resolver !== undefined) {
      const pods = 'pods' in demand ? lab.#loads.pods(demand.pods) : [];
      await lab.#resolvers.open(ground.resolver.folder, demand, pods, ground.network.services, ground.own);
    }
    return lab;
  }

  /** Opens the canaries. Called once the servers of every agent are up. */
  async hold(): Promise<void> {
    const { canaries } = this.#protocol;
    await this.#ground.reachable();
    if (canaries === undefined) return;
    this.#canaries = await Canaries.open(canaries, this.#context());
  }

  /** Runs one step of a phase. With several agents, the harness waits for all before the next step. */
  phase(phase: Phase, step: PhaseStep, conditions: Conditions): Promise<void> {
    switch (step) {
      case 'begin':
        this.#conditions = conditions;
        this.#scope = new PhaseScope();
        return this.#scope.running(this.#begin(phase));
      case 'offer':
        return this.#scope.running(this.#offer(phase));
      case 'end':
        return this.#scope.running(this.#end(phase));
      case 'abandon':
        return this.#abandon();
    }
  }

  async #begin(phase: Phase): Promise<void> {
    if (this.#hasNodeUnderTest && (await this.#observer.measure(phase))) this.clear();
    await this.#observer.totals(phase, 'start');
    this.#edge(phase, 'start', this.#conditions.pace);
    this.#scope.sample(await this.#observer.watch(phase));
    await this.#scope.schedule(this.#changes.scheduled.begin(phase.cycle, this.#conditions.pace));
  }

  /** @returns once the demand's last request has ended */
  async #offer(phase: Phase): Promise<void> {
    const { scheduled, stop } = this.#scope;
    // A load may end before the scheduled changes; a phase without them shows nothing.
    await together([this.#traffic(phase), scheduled], stop);
    await this.#servers.quiet();
  }

  async #end(phase: Phase): Promise<void> {
    const observe = [
      () => {
        this.#edge(phase, 'end');
      },
      () => this.#observer.totals(phase, 'end'),
      () => this.#observer.inspect(phase),
    ];
    await this.#over(() => this.#scope.end(observe));
  }

  /** Ends a phase that failed on any agent, without recording its end. */
  async #abandon(): Promise<void> {
    await this.#over(() => this.#scope.abandon());
  }

  async #over(end: () => Promise<void>): Promise<void> {
    await everyStep([end, () => this.#resolvers.renew(), this.#recording.deliver]);
  }

  /** Whether this agent hosts the node under test; only then does it record what belongs to one node. */
  get #hasNodeUnderTest(): boolean {
    return this.#ground.own.includes(this.#protocol.node);
  }

  #edge(phase: Phase, edge: 'start' | 'end', pace?: number): void {
    if (!this.#hasNodeUnderTest) return;
    this.#recording.emit({
      type: 'phase',
      t: this.#recording.now(),
      phase,
      edge,
      ...(pace !== undefined && { pace }),
    });
  }

  /** See measureCapacity. @returns 0 where another agent offers the load */
  async capacity(load: Load): Promise<number> {
    if (!this.#loads.offers(load)) return 0;
    this.#scope = new PhaseScope();
    try {
      return await measureCapacity(load, () => this.#context(), this.#recording.now);
    } finally {
      this.#scope.held.dispose();
      this.clear();
    }
  }

  /** @returns the change's number, for `undo` */
  apply(change: Change, cycle: string): Promise<number> {
    return this.#changes.apply(change, cycle);
  }

  readonly undo = (id: number): Promise<void> => this.#changes.undo(id);

  /** Undoes every change, after ending a phase that is still running. */
  async undoAll(): Promise<void> {
    await everyStep([() => this.#abandon(), () => this.#changes.undoAll()]);
  }

  /**
   * Deletes the demand's entries by their mark (see packet-rules.ts), and all of pods with `ownTable`, where
   * nothing marks entries. The kernel walks the whole hash for each table, so only squeezed nodes are cleared.
   */
  clear(): void {
    const squeezed = squeezedNodes(this.#protocol);
    for (const name of this.#ground.own) {
      if (squeezed.includes(name) || this.#squeeze === 'sysctl')
        this.#ground.hosts.get(name).flushMark(DEMAND_MARK);
    }
    for (const name of this.#ownTables) this.#ground.hosts.get(name).flushMark(UNMARKED);
    this.#target.ballasts.renew();
  }

  #traffic(phase: Phase): Promise<void> {
    const { pace } = this.#conditions;
    return offerAll({
      phase,
      offers: (load) => this.#loads.offers(load),
      demand: this.#loads.load('demand', pace),
      background: Object.fromEntries(
        Object.keys(this.#protocol.background).map((name) => [name, this.#loads.load(name, pace)]),
      ),
      canaries: this.#canaries,
      context: () => this.#context(),
      now: this.#recording.now,
      emit: this.#recording.emit,
      every: DELIVER_EVERY_MS,
      stop: this.#scope.stop,
    });
  }

  #context(): Omit<LoadContext, 'outcomes' | 'measured'> {
    return this.#loads.context(this.#scope, this.#conditions.slack);
  }
}
