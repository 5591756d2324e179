import type { Hosts } from '../../agent/hosts.ts';
import { FakeHost, type FakeTable } from '../../host/fake-host.ts';
import { BALLAST_MARK } from '../../host/marks.ts';
import type { Host } from '../../host/host.ts';
import { traced, type Trace } from '../../host/traced.ts';

/** Hosts in memory, created on first use. Commands to them are traced. */
export class FakeHosts implements Hosts {
  readonly #hosts = new Map<string, Host>();
  readonly #fakes = new Map<string, FakeHost>();
  readonly #table: FakeTable;
  readonly #trace: Trace;

  constructor(table: FakeTable, trace: Trace) {
    this.#table = table;
    this.#trace = trace;
  }

  get(name: string): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      const fake = new FakeHost(name, this.#table);
      this.#fakes.set(name, fake);
      host = traced(fake, this.#trace);
      this.#hosts.set(name, host);
    }
    return host;
  }

  /** Adds `count` entries to a node's table, as traffic would. */
  readonly handshakes = (name: string, count: number): Promise<void> => {
    this.#trace(name, `${String(count)} handshakes through the node, between two of its pods`);
    this.get(name);
    this.#fakes.get(name)?.insertEntries(0, count, BALLAST_MARK);
    return Promise.resolve();
  };
}
