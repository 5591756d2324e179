import type { LoadContext } from '../load/context.ts';
import { Canaries } from '../load/keepalive/canaries.ts';
import type { Conditions, Phase } from '../schema/history.ts';
import type { Change } from '../change/index.ts';
import { prepare, type Load } from '../load/index.ts';
import { resetTcp } from '../kernel/sock-diag.ts';
import type { Protocol } from '../schema/protocol.ts';
import { measureCapacity } from './capacity.ts';
import { DELIVER_EVERY_MS, type Recording } from './recording.ts';
import type { AgentEnvironment } from './agent-environment.ts';
import { labParts, type LabParts } from './lab-parts.ts';
import { hasVeth } from './network.ts';
import { offerAll } from './offering.ts';
import { PhaseScope } from './phase-scope.ts';
import type { PhaseStep, Up } from './rpc.ts';
import { everyStep, together } from '../util/settled.ts';

/** The part of a lab that runs on an agent's nodes. */
export class AgentLab {
  readonly #protocol: Protocol;
  readonly #environment: AgentEnvironment;
  readonly #recording: Recording;
  readonly #parts: LabParts;
  #conditions: Conditions = { pace: 1, slack: 0 };
  #canaries: Canaries | undefined;
  /** Scope of the running phase, or of the last one. */
  #scope = new PhaseScope();

  private constructor(request: Up, environment: AgentEnvironment, recording: Recording) {
    this.#protocol = request.protocol;
    this.#environment = environment;
    this.#recording = recording;
    this.#parts = labParts(request, environment, recording, () => this.#conditions.pace);
  }

  static async up(request: Up, environment: AgentEnvironment, recording: Recording): Promise<AgentLab> {
    const { demand } = request.protocol;
    const lab = new AgentLab(request, environment, recording);
    const nodes = environment.namespaces.inodes(environment.own);
    lab.#recording.emit({ type: 'namespaces', t: lab.#recording.now(), nodes });
    const { servers, observer, http } = lab.#parts;
    await Promise.all([servers.start(), observer.ready(), prepare(request.protocol, http)]);
    if (environment.resolver !== undefined) {
      const pods = 'pods' in demand ? lab.#parts.loads.pods(demand.pods) : [];
      await lab.#parts.resolvers.open(
        environment.resolver.folder,
        demand,
        pods,
        environment.network.services,
        environment.own,
      );
    }
    return lab;
  }

  /** Opens the canaries. Called once the servers of every agent are up. */
  async hold(): Promise<void> {
    const { canaries } = this.#protocol;
    await this.#environment.reachable();
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
    if (this.#hasNodeUnderTest && (await this.#parts.observer.measure(phase))) await this.clear();
    this.#parts.clearing.used();
    await this.#parts.observer.totals(phase, 'start');
    this.#edge(phase, 'start', this.#conditions.pace);
    this.#scope.sample(await this.#parts.observer.watch(phase));
    await this.#scope.schedule(this.#parts.changes.scheduled.begin(phase.cycle, this.#conditions.pace));
  }

  /** @returns once the demand's last request has ended */
  async #offer(phase: Phase): Promise<void> {
    const { scheduled, stop } = this.#scope;
    this.#scope.startScheduled();
    // A load may end before the scheduled changes; a phase without them shows nothing.
    await together([this.#traffic(phase), scheduled], stop);
    await this.#parts.servers.quiet();
  }

  async #end(phase: Phase): Promise<void> {
    const observe = [
      () => {
        this.#edge(phase, 'end');
      },
      () => this.#parts.observer.totals(phase, 'end'),
      () => this.#parts.observer.inspect(phase),
    ];
    await this.#over(() => this.#scope.end(observe));
  }

  /** Ends a phase that failed on any agent, without recording its end. */
  async #abandon(): Promise<void> {
    await this.#over(() => this.#scope.abandon());
  }

  async #over(end: () => Promise<void>): Promise<void> {
    await everyStep([end, () => this.#parts.resolvers.renew(), this.#recording.deliver]);
  }

  /** Whether this agent hosts the node under test; only then does it record what belongs to one node. */
  get #hasNodeUnderTest(): boolean {
    return this.#environment.own.includes(this.#protocol.node);
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
    this.#parts.clearing.used();
    if (!this.#parts.loads.offers(load)) return 0;
    this.#scope = new PhaseScope();
    try {
      return await measureCapacity(load, () => this.#context(), this.#recording.now);
    } finally {
      this.#scope.held.dispose();
      await this.clear();
    }
  }

  /** @returns the change's number, for `undo` */
  apply(change: Change, cycle: string): Promise<number> {
    return this.#parts.changes.apply(change, cycle);
  }

  readonly undo = (id: number): Promise<void> => this.#parts.changes.undo(id);

  /** Undoes every change, after ending a phase that is still running. */
  async undoAll(): Promise<void> {
    await everyStep([() => this.#abandon(), () => this.#parts.changes.undoAll()]);
  }

  /** Ends what a phase left: entries, and closed connections that would send into the next phase. */
  clear(): Promise<void> {
    for (const pod of this.#ownPods) resetTcp(this.#environment.namespaces.get(pod), 'orphans');
    return this.#parts.clearing.clear();
  }

  /** For a lab whose nodes are its own: a connection without an answer would keep its namespace for minutes. */
  disconnect(): void {
    this.#scope.stop.abort(new Error('the lab goes down'));
    for (const name of [...this.#environment.own, ...this.#ownPods])
      resetTcp(this.#environment.namespaces.get(name), 'all');
  }

  /** Those with a network namespace of their own. */
  get #ownPods(): readonly string[] {
    const { network, own } = this.#environment;
    return network.pods.filter((pod) => hasVeth(pod) && own.includes(pod.node)).map(({ name }) => name);
  }

  #traffic(phase: Phase): Promise<void> {
    const { pace } = this.#conditions;
    return offerAll({
      phase,
      offers: (load) => this.#parts.loads.offers(load),
      demand: this.#parts.loads.load('demand', pace),
      background: Object.fromEntries(
        Object.keys(this.#protocol.background).map((name) => [name, this.#parts.loads.load(name, pace)]),
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
    return this.#parts.loads.context(this.#scope, this.#conditions.slack);
  }
}
