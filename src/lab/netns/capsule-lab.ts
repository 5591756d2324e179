import { dumpEntries } from '../../kernel/conntrack-dump.ts';
import { openTable, type Table } from '../../kernel/counters.ts';
import { flushMark } from '../../kernel/ctnetlink.ts';
import type { LoadContext } from '../../load/context.ts';
import { Canaries } from '../../load/keepalive.ts';
import { Resolver } from '../../load/resolver-process.ts';
import { seeded } from '../../load/schedule.ts';
import { millisecondsSince } from '../../run/clock.ts';
import type { HistoryEvent, Phase } from '../../run/history.ts';
import type { Change } from '../../scenario/change.ts';
import { loadSchema, type Load } from '../../scenario/load.ts';
import { address, CLUSTER_DNS, type Network, type Pod } from './addresses.ts';
import { squeezedNodes, type Protocol } from '../../scenario/protocol.ts';
import { build } from './build.ts';
import { routeCrowd } from './crowd.ts';
import { applyChange, type Target } from './changes.ts';
import type { Reading } from './done.ts';
import { Endpoints } from './endpoints.ts';
import { Events } from './events.ts';
import { FloodPaths } from './flood-path.ts';
import { Observer } from './observer.ts';
import { lentMaximum, putMaximumInto } from './lent.ts';
import { offerAll } from './offering.ts';
import type { Request } from './rpc.ts';
import { DEMAND_MARK, EITHER_MARK } from './rules.ts';
import { Servers } from './servers.ts';
import { Spaces } from './spaces.ts';
import { targetOf } from './target.ts';

type Up = Extract<Request, { method: 'up' }>;

/** Events go to the harness so often, a message for all of them. */
const DELIVER_EVERY_MS = 100;

/** A lab from the inside: what the agent does in its capsule. Nothing here needs undoing when the capsule ends. */
export class CapsuleLab {
  readonly #protocol: Protocol;
  readonly #squeeze: Up['squeeze'];
  readonly #network: Network;
  readonly #spaces: Spaces;
  readonly #tables = new Map<string, Table>();
  readonly #seed: number;
  readonly #now: () => number;
  readonly #emit: (event: HistoryEvent) => void;
  readonly #deliver: () => void;
  readonly #applied = new Map<number, { undo: () => Promise<void> }>();
  readonly #events: Events;
  readonly #servers: Servers;
  readonly #endpoints: Endpoints;
  readonly #observer: Observer;
  readonly #target: Target;
  readonly #floods: FloodPaths;
  #canaries: Canaries | undefined;
  #resolvers: readonly Resolver[] = [];
  /** The resolvers of the pods whose apps look up what they call, by pod. */
  readonly #callers = new Map<string, Resolver>();
  #cycle = 'symptom';
  /** What loads keep open until the phase's entries have been looked at. */
  #held = new DisposableStack();

  /** Of a network that has been built. */
  private constructor(
    { protocol, squeeze, seed, epoch }: Up,
    network: Network,
    spaces: Spaces,
    send: (events: HistoryEvent[]) => void,
  ) {
    const began = BigInt(epoch);
    let pending: HistoryEvent[] = [];
    this.#protocol = protocol;
    this.#squeeze = squeeze;
    this.#network = network;
    this.#spaces = spaces;
    this.#seed = seed;
    this.#now = () => millisecondsSince(began);
    this.#emit = (event) => pending.push(event);
    this.#deliver = () => {
      if (pending.length > 0) send(pending);
      pending = [];
    };
    setInterval(this.#deliver, DELIVER_EVERY_MS);
    for (const { name } of network.nodes) this.#tables.set(name, openTable(spaces.get(name)));
    this.#servers = new Servers({
      spaces,
      zones: {
        cluster: (name) => this.#endpoints.addresses(name),
        ttl: () => this.#target.recordTtl,
      },
      locate: ({ service, name }) => {
        const { ip = '', port = 0 } = network.services.find((each) => each.name === service) ?? {};
        return { ip, port, name };
      },
      resolver: (pod) => this.#callers.get(pod),
    });
    this.#endpoints = new Endpoints(network, spaces, this.#servers);
    this.#floods = new FloodPaths(spaces);
    this.#target = targetOf({
      protocol,
      squeeze,
      network,
      spaces,
      endpoints: this.#endpoints,
      calls: this.#servers.calls,
      proxies: this.#servers.proxies,
      table: (node) => this.#table(node),
      onSqueeze: (report) => {
        this.#emit({ type: 'squeeze', t: this.#now(), cycle: this.#cycle, report });
      },
    });
    this.#events = new Events(protocol.events, (change, cycle) => this.#make(change, cycle));
    this.#observer = new Observer(
      {
        node: protocol.node,
        nodes: network.nodes.map(({ name }) => name),
        table: (node) => this.#table(node),
        namespace: (name) => spaces.get(name),
        served: () => ({ ...this.#servers.totals(), ...this.#target.nodeDns.totals() }),
        resolvers: () => this.#resolvers,
        demand: () => this.#load('demand'),
        inspected: protocol.inspect,
        entries: (node) => dumpEntries(spaces.get(node), DEMAND_MARK),
        podEntries: (node) => dumpEntries(spaces.get(node), DEMAND_MARK, EITHER_MARK),
        podAt: (ip) => network.pods.find((pod) => pod.ip === ip)?.name,
        podsOn: (node) => network.pods.filter((pod) => pod.node === node).map(({ name }) => name),
      },
      this.#now,
      this.#emit,
    );
  }

  /** Builds the lab, starts its servers and opens what is held throughout. */
  static async up(request: Up, send: (events: HistoryEvent[]) => void): Promise<CapsuleLab> {
    const { topology, canaries, demand, sysctls } = request.protocol;
    const network = address(topology);
    const spaces = new Spaces(network);
    await build(
      network,
      network.pods.filter(({ set }) => set === canaries?.pods).map(({ ip }) => ip),
      sysctls,
      spaces,
    );
    if (lentMaximum(request.protocol, request.squeeze) !== undefined)
      putMaximumInto(spaces.get(request.protocol.node));
    const lab = new CapsuleLab(request, network, spaces, send);
    await lab.#servers.start();
    const folder = lab.#target.resolver?.folder;
    if (folder !== undefined && demand.kind === 'dns-client') {
      lab.#resolvers = await Promise.all(
        lab.#pods(demand.pods).map(({ name }) => Resolver.open(spaces.get(name), folder)),
      );
    }
    if (folder !== undefined) await lab.#openCallers(folder);
    if (canaries !== undefined) lab.#canaries = await Canaries.open(canaries, lab.#lookUp());
    return lab;
  }

  async #openCallers(folder: string): Promise<void> {
    const looking = this.#network.services.filter(({ calls }) =>
      calls.some(({ name }) => name !== undefined),
    );
    const pods = new Set(looking.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)));
    const open = async (pod: string): Promise<void> => {
      this.#callers.set(pod, await Resolver.open(this.#spaces.get(pod), folder));
    };
    await Promise.all([...pods].map(open));
  }

  /** Offers the demand once, and records the window until its last request has ended. */
  async phase(phase: Phase): Promise<void> {
    if (await this.#observer.measure(phase)) this.clear();
    await this.#observer.totals(phase, 'start');
    this.#emit({ type: 'phase', t: this.#now(), phase, edge: 'start' });
    const broken = Promise.withResolvers<never>();
    await using _ = this.#events.begin(phase.cycle, broken.reject);
    {
      using _ = this.#observer.watch(phase);
      await Promise.race([this.#offer(phase), broken.promise]);
      await this.#servers.quiet();
    }
    this.#emit({ type: 'phase', t: this.#now(), phase, edge: 'end' });
    await this.#observer.totals(phase, 'end');
    await this.#observer.inspect(phase);
    this.#held.dispose();
    this.#held = new DisposableStack();
    this.#resolvers = await Promise.all(this.#resolvers.map((resolver) => resolver.renewed()));
    for (const [pod, resolver] of this.#callers) this.#callers.set(pod, await resolver.renewed());
    this.#deliver();
  }

  /** @returns the change's number, by which it is undone */
  async apply(change: Change, cycle: string): Promise<number> {
    const id = this.#applied.size + 1;
    this.#applied.set(id, await this.#make(change, cycle));
    return id;
  }

  async undo(id: number): Promise<void> {
    const applied = this.#applied.get(id);
    if (applied === undefined) throw new Error(`no change ${String(id)} was applied`);
    await applied.undo();
  }

  /** Makes a change and records it; undoing it is recorded too. */
  async #make(change: Change, cycle: string): Promise<{ undo: () => Promise<void> }> {
    this.#cycle = cycle;
    const done = change.kind === 'event' ? this.#events.arm(change) : await applyChange(change, this.#target);
    const { emulated } = done;
    const record = (action: 'apply' | 'undo', { found, readBack }: Reading): void => {
      this.#emit({ type: 'change', t: this.#now(), cycle, action, change, found, readBack, emulated });
      this.#deliver();
    };
    record('apply', done);
    return {
      undo: async () => {
        record('undo', await done.undo());
      },
    };
  }

  /**
   * Deletes the demand's entries, by their mark (see rules.ts). The kernel walks the whole hash for it, so the other
   * nodes' tables are left alone, unless the squeeze is on them as well.
   */
  clear(): void {
    const squeezed = squeezedNodes(this.#protocol);
    for (const { name } of this.#network.nodes) {
      if (squeezed.includes(name) || this.#squeeze === 'sysctl')
        flushMark(this.#spaces.get(name), DEMAND_MARK);
    }
    this.#target.ballasts.renew();
  }

  #offer(phase: Phase): Promise<void> {
    return offerAll({
      phase,
      demand: this.#load('demand'),
      background: Object.fromEntries(
        Object.keys(this.#protocol.background).map((name) => [name, this.#load(name)]),
      ),
      canaries: this.#canaries,
      context: () => this.#lookUp(),
      now: this.#now,
      emit: this.#emit,
      every: DELIVER_EVERY_MS,
    });
  }

  #load(name: string): Load {
    return loadSchema.parse(this.#target.loads[name]);
  }

  #lookUp(): Omit<LoadContext, 'outcomes' | 'measured'> {
    return {
      pods: (set) => this.#pods(set),
      service: (name) => this.#endpoints.service(name),
      namespace: (name) => this.#spaces.get(name),
      nameserver: () => this.#target.resolver?.nameserver ?? CLUSTER_DNS,
      resolvers: this.#resolvers,
      floodPath: (pods, to) => this.#floods.between(this.#pods(pods)[0], this.#pods(to)[0]),
      crowd: (name) => routeCrowd(name, this.#network),
      forge: (segment) => {
        this.#servers.segment = segment;
      },
      held: this.#held,
      // Anew each time: every phase offers the same demand.
      random: seeded(this.#seed),
      signal: new AbortController().signal,
    };
  }

  #pods(set: string): readonly Pod[] {
    const pods = this.#network.pods.filter((pod) => pod.set === set);
    if (pods.length === 0) throw new Error(`there are no pods ${set}; add them to topology.pods`);
    return pods;
  }

  #table(node: string): Table {
    const table = this.#tables.get(node);
    if (table === undefined) throw new Error(`there is no node ${node}; add it to topology.nodes`);
    return table;
  }
}
