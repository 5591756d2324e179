import type { ConntrackEntry } from '../kernel/conntrack-dump.ts';
import { CONNTRACK_COUNTERS } from '../kernel/counter-names.ts';
import type { Counters, TableReading } from '../kernel/counters.ts';
import { FakeRules } from './fake-rules.ts';
import type { Host, Words } from './host.ts';
import { MAX } from '../kernel/table-names.ts';

/** Stands for the value from before, which only the kernel knows. */
export const BEFORE = 'BEFORE';

export interface FakeTable {
  readonly limit: number;
  readonly buckets: number;
}

/**
 * A network namespace in memory. It keeps what it is told and refuses what the kernel refuses: unknown tables
 * and links. Unset sysctls read BEFORE.
 */
export class FakeHost implements Host {
  readonly name: string;
  readonly sysctls = new Map<string, string>();
  readonly tables = new FakeRules();
  readonly links = new Set<string>();
  readonly routes = new Map<string, string>();
  /** Inserted iptables rules, by their words after the verb. */
  readonly rules = new Set<string>();
  /** Entries by mark. */
  readonly entries = new Map<number, number>();
  /** Throws to refuse a command; set by tests. */
  refuse: (what: string) => void = () => undefined;
  readonly #table: FakeTable;

  constructor(name: string, table: FakeTable = { limit: 0, buckets: 0 }) {
    this.name = name;
    this.#table = table;
  }

  readSysctl(name: string): string {
    return this.sysctls.get(name) ?? BEFORE;
  }

  writeSysctl(name: string, value: string): string {
    this.refuse(`${name}=${value}`);
    this.sysctls.set(name, value);
    return value;
  }

  nft(rules: string): Promise<void> {
    return settle(() => {
      this.refuse(rules);
      this.tables.load(rules);
    });
  }

  hasTable(name: string): Promise<boolean> {
    return Promise.resolve(this.tables.has(name));
  }

  tableText(name: string): Promise<string> {
    return Promise.resolve(this.tables.text(name));
  }

  ip(lines: readonly string[]): Promise<void> {
    return settle(() => {
      for (const line of lines) {
        this.refuse(line);
        this.#ip(line);
      }
    });
  }

  #ip(line: string): void {
    const [object, verb, name = '', ...rest] = line.split(' ');
    const words = `${object ?? ''} ${verb ?? ''}`;
    if (words === 'link add') this.links.add(name);
    if (words === 'link del' && !this.links.delete(name))
      throw new Error(`${this.name}: ip ${line}: there is no link ${name}`);
    if (words === 'link set' && rest[0] === 'down')
      for (const [to, via] of this.routes) if (via.includes(`dev ${name}`)) this.routes.delete(to);
    if (words === 'route del') this.routes.delete(name);
    if (words === 'route add') this.routes.set(name, rest.join(' '));
    if (words === 'route replace') {
      if (name === 'blackhole') this.routes.set(rest[0] ?? '', name);
      else this.routes.set(name, rest.join(' '));
    }
  }

  hasRoute(ip: string): Promise<boolean> {
    const route = this.routes.get(`${ip}/32`);
    return Promise.resolve(route !== undefined && route !== 'blackhole');
  }

  hasLink(name: string): boolean {
    return this.links.has(name);
  }

  iptables([verb = '', ...rest]: readonly string[]): Promise<string | undefined> {
    const rule = rest.join(' ');
    const there = this.rules.has(rule);
    if (verb === '-S') return Promise.resolve([...this.rules].map((each) => `-A ${each}`).join('\n'));
    if (verb === '-I') this.rules.add(rule);
    if (verb === '-D') this.rules.delete(rule);
    return Promise.resolve(verb === '-I' || there ? '' : undefined);
  }

  deleteIptables(_: string, rules: readonly string[]): Promise<void> {
    return settle(() => {
      for (const rule of rules) this.rules.delete(rule.replace(/^-A /, ''));
    });
  }

  run(words: Words): Promise<string> {
    return settle(() => {
      this.refuse(words.join(' '));
      return BEFORE;
    });
  }

  table(): TableReading {
    const entries = [...this.entries.values()].reduce((sum, each) => sum + each, 0);
    const limit = Number(this.sysctls.get(MAX) ?? this.#table.limit);
    return { ...this.#table, limit, entries, counters: NONE };
  }

  insertEntries(_: number, count: number, mark: number): void {
    this.refuse(`insert ${String(count)}`);
    this.entries.set(mark, (this.entries.get(mark) ?? 0) + count);
  }

  removeEntries(_: number, count: number): void {
    const [mark = 0, held = 0] = [...this.entries].find(([, entries]) => entries >= count) ?? [];
    this.entries.set(mark, Math.max(0, held - count));
  }

  flushMark(mark: number): Promise<void> {
    this.entries.delete(mark);
    return Promise.resolve();
  }

  dumpEntries(): Promise<readonly ConntrackEntry[]> {
    return Promise.resolve([]);
  }

  deleteEntries(): number {
    return 0;
  }
}

const NONE = Object.fromEntries(CONNTRACK_COUNTERS.map((name) => [name, 0])) as Counters;

/** Turns a synchronous throw into a rejection. */
async function settle<T>(work: () => T): Promise<T> {
  return await Promise.resolve().then(work);
}
