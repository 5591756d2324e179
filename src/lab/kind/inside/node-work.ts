import { putBack } from '../../../host/put-back.ts';
import type { Trace } from '../../../host/traced.ts';
import { immediateOf, isOn, sysctlsOf, type Change } from '../../../change/index.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import type { Answers } from '../../../agent/answer.ts';
import type { AgentEnvironment } from '../../../agent/agent-environment.ts';
import { millisecondsSince } from '../../../util/clock.ts';
import { isNotRestored, notRestored } from '../../../util/not-restored.ts';
import type { Message, Up } from '../../../agent/rpc.ts';
import { failuresOf, joined } from '../../../util/settled.ts';
import { deleteEntriesOf } from '../entries-of.ts';
import { programmed, synced } from './programmed.ts';
import { ProxyMetrics } from './proxy-metrics.ts';
import type { Found, NodeRequest } from '../agent-rpc.ts';
import type { FoundEnvironment, Notes } from './found-environment.ts';
import type { NodeHost } from './node-host.ts';
import type { NodeJournal } from './node-journal.ts';
import type { Restored } from './restore-node.ts';
import type { ChangedSysctls, SysctlWatch } from './sysctl-watch.ts';
import { messageOf } from '../../../util/error-text.ts';

/** What the work on a node needs. */
interface NodeParts {
  readonly host: Pick<NodeHost, 'hasSysctl' | 'readSysctl' | 'writeSysctl' | 'endpointsOf'>;
  readonly journal: Pick<NodeJournal, 'begin' | 'note' | 'settle' | 'noteLink' | 'renew'>;
  readonly watch: Pick<SysctlWatch, 'begin' | 'changed' | 'restore'>;
  readonly environment: (
    found: Found,
    protocol: Protocol,
    notes: Notes,
    trace: Trace,
  ) => Promise<FoundEnvironment>;
  readonly answers: (
    environment: (request: Up, trace: Trace) => Promise<AgentEnvironment>,
  ) => Pick<Answers, 'answer' | 'undoAll'>;
  /** Restores the journal's changes. */
  readonly restore: () => Promise<Restored>;
  readonly say: (message: Message) => void;
}

/** Serves the harness's requests to an agent on a cluster's node. */
export class NodeWork {
  readonly #parts: NodeParts;
  readonly #answers: Pick<Answers, 'answer' | 'undoAll'>;
  #found: Found | undefined;
  #environment: FoundEnvironment | undefined;
  /** See LabOptions.epoch. */
  #epoch = 0n;
  /** Delegated sysctls with their values from before. */
  readonly #delegated = new Map<string, string>();

  constructor(parts: NodeParts) {
    this.#parts = parts;
    const notes: Notes = {
      sysctl: (name, value) => {
        this.#noteSysctl(name, value);
      },
      link: (name) => {
        parts.journal.noteLink(name);
      },
      change: (change) => {
        this.#noteChange(change);
      },
    };
    this.#answers = parts.answers(async ({ protocol }, trace) => {
      if (this.#found === undefined) throw new Error('up before adopt');
      this.#environment = await parts.environment(this.#found, protocol, notes, trace);
      return this.#environment;
    });
  }

  /** Answers a request, with its error where it fails. */
  async answer(request: NodeRequest): Promise<void> {
    const { say } = this.#parts;
    const { id } = request;
    try {
      const answer = await this.#do(request);
      if (answer !== undefined) say({ id, ...answer });
    } catch (error) {
      say({ id, error: messageOf(error), notRestored: isNotRestored(error) });
    }
  }

  /** @returns what answers the request beside its id; undefined where every agent's part has answered it */
  async #do(request: NodeRequest): Promise<{ readonly result?: number } | undefined> {
    const { journal, watch, host } = this.#parts;
    switch (request.method) {
      case 'adopt':
        this.#found = request.found;
        journal.begin();
        return {};
      case 'renew':
        journal.renew();
        return {};
      case 'programmed':
        await programmed(request, host.endpointsOf);
        return {};
      case 'syncs':
        return { result: (await ProxyMetrics.read()).syncs };
      case 'synced':
        await synced(request);
        return {};
      case 'delegate':
        this.#delegate(request.sysctls);
        return {};
      case 'restore':
        this.#restore(request.sysctls);
        return {};
      case 'watch':
        watch.begin();
        return {};
      case 'watched':
        this.#changed('apply', request, watch.changed());
        return {};
      case 'unwatch':
        this.#changed('undo', request, watch.restore());
        return {};
      case 'written':
        this.#up(request).resolver?.takeFrom(request.ip);
        return {};
      case 'cache-address':
        await this.#up(request).cache.address(request);
        return {};
      case 'dns-pods':
        this.#up(request).dnsPods?.moved(request.ips);
        return {};
      case 'resolved':
        await this.#up(request).dnsPods?.resolved(request.name, request.ips);
        return {};
      case 'forget':
        await deleteEntriesOf((ip) => request.ips.includes(ip));
        return {};
      case 'down':
        await this.down();
        return {};
      case 'up':
        this.#epoch = BigInt(request.epoch);
        this.#noteDemand(request.protocol);
        break;
      case 'hold':
      case 'phase':
      case 'apply':
      case 'undo':
      case 'clear':
      case 'disconnect':
      case 'capacity':
    }
    await this.#answers.answer(request);
    return undefined;
  }

  /** @throws Error where the lab is not up */
  #up({ method }: NodeRequest): FoundEnvironment {
    if (this.#environment === undefined) throw new Error(`${method} before up`);
    return this.#environment;
  }

  /** Records what a manifest did to the node's sysctls. */
  #changed(
    action: 'apply' | 'undo',
    { change, cycle }: Extract<NodeRequest, { method: 'watched' | 'unwatch' }>,
    { before, after }: ChangedSysctls,
  ): void {
    const node = this.#found?.own ?? '';
    const t = millisecondsSince(this.#epoch);
    this.#parts.say({
      events: [{ type: 'change', t, cycle, action, change, node, before, after, emulated: false }],
    });
  }

  /**
   * Undoes all changes through their owners, then the rest through the journal. Failed undos are retried
   * after that, so that they verify again.
   *
   * @throws NotRestored naming what differs from before
   */
  async down(): Promise<void> {
    const undo = (): Promise<void> => this.#answers.undoAll();
    const failed = await failuresOf([undo]);
    const { left } = await this.#parts.restore();
    const standing = failed.length > 0 ? await failuresOf([undo]) : [];
    const all = [...standing, ...left.map((line) => notRestored(`not restored: ${line}`))];
    if (all.length > 0) throw joined(all);
  }

  /** On disk before it is set. */
  #noteSysctl(name: string, value: string): void {
    const { journal, host } = this.#parts;
    journal.note(name, value, host.readSysctl);
  }

  #noteChange(change: Change): void {
    const own = this.#found?.own;
    const immediate = immediateOf(change);
    if (own === undefined || !isOn(immediate, [own])) return;
    for (const [name, value] of Object.entries(sysctlsOf(immediate))) this.#noteSysctl(name, String(value));
  }

  /** A demand may be sysctls of the node, which it restores unless it is killed. */
  #noteDemand({ demand }: Protocol): void {
    if (demand.kind !== 'settings' || demand.node !== this.#found?.own) return;
    for (const [name, value] of Object.entries(demand.sysctls)) this.#noteSysctl(name, String(value));
  }

  #delegate(sysctls: Readonly<Record<string, string>>): void {
    const { host } = this.#parts;
    for (const [name, value] of Object.entries(sysctls)) {
      if (!host.hasSysctl(name)) continue;
      this.#delegated.set(name, host.readSysctl(name));
      this.#noteSysctl(name, value);
    }
  }

  #restore(names: readonly string[]): void {
    const { host } = this.#parts;
    for (const name of names) {
      const value = this.#delegated.get(name);
      if (value === undefined) continue;
      this.#noteSysctl(name, value);
      putBack(host, name, value);
      this.#delegated.delete(name);
      // The limit is also the machine's: when this node is done, it returns to its value before the squeeze.
      this.#parts.journal.settle(name, value);
    }
  }
}
