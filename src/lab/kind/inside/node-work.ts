import type { Trace } from '../../../host/traced.ts';
import { isOn, sysctlsOf, type Change } from '../../../change/index.ts';
import type { Protocol } from '../../../schema/protocol.ts';
import type { Answers } from '../../../agent/answer.ts';
import type { AgentEnvironment } from '../../../agent/agent-environment.ts';
import { millisecondsSince } from '../../../util/clock.ts';
import { isNotRestored, notRestored } from '../../../util/not-restored.ts';
import type { Message, Request } from '../../../agent/rpc.ts';
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

type Up = Extract<Request, { method: 'up' }>;

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
      await this.#do(request);
    } catch (error) {
      say({ id, error: messageOf(error), notRestored: isNotRestored(error) });
    }
  }

  async #do(request: NodeRequest): Promise<void> {
    const { journal, say } = this.#parts;
    const environment = this.#environment;
    if (request.method === 'adopt') {
      this.#found = request.found;
      journal.begin();
    } else if (request.method === 'renew') journal.renew();
    else if (request.method === 'programmed') await programmed(request, this.#parts.host.endpointsOf);
    else if (request.method === 'delegate') this.#delegate(request.sysctls);
    else if (request.method === 'restore') this.#restore(request.sysctls);
    else if (request.method === 'watch') this.#parts.watch.begin();
    else if (request.method === 'watched') this.#changed('apply', request, this.#parts.watch.changed());
    else if (request.method === 'unwatch') this.#changed('undo', request, this.#parts.watch.restore());
    else if (request.method === 'synced') await synced(request);
    else if (request.method === 'written') environment?.resolver?.takeFrom(request.ip);
    else if (request.method === 'cache-address') await environment?.cache.address(request);
    else if (request.method === 'dns-pods') environment?.dnsPods?.moved(request.ips);
    else if (request.method === 'forget') await deleteEntriesOf((ip) => request.ips.includes(ip));
    else if (request.method === 'resolved') await environment?.dnsPods?.resolved(request.name, request.ips);
    else if (request.method === 'down') await this.down();
    else if (request.method === 'syncs') {
      say({ id: request.id, result: (await ProxyMetrics.read()).syncs });
      return;
    } else {
      if (request.method === 'up') {
        this.#epoch = BigInt(request.epoch);
        this.#noteDemand(request.protocol);
      }
      await this.#answers.answer(request);
      return;
    }
    say({ id: request.id });
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
    if (own === undefined || !isOn(change, [own])) return;
    for (const [name, value] of Object.entries(sysctlsOf(change))) this.#noteSysctl(name, String(value));
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
      const readBack = host.readSysctl(name) === value ? value : host.writeSysctl(name, value);
      if (readBack !== value) throw new Error(`${name}: was ${value}, now ${readBack}`);
      this.#delegated.delete(name);
      // The limit is also the machine's: when this node is done, it returns to its value before the squeeze.
      this.#parts.journal.settle(name, value);
    }
  }
}
