import type { ConntrackEntry } from '../kernel/conntrack-dump.ts';
import type { EntryTuple } from '../kernel/ctnetlink.ts';
import type { TableReading } from '../kernel/counters.ts';

/** A program and its arguments, without a shell. */
export type Words = readonly [string, ...string[]];

/**
 * A node or pod by its network namespace. Implementations: the kernel's (net-host.ts), in memory
 * (fake-host.ts), and a recorder around another (traced.ts).
 */
export interface Host {
  readonly name: string;
  /** Numbers separated by single spaces. @throws Error in one line */
  readSysctl(name: string): string;
  /** @returns the value read back. @throws Error in one line */
  writeSysctl(name: string, value: string): string;
  /** Loads rules atomically. @throws Error with nft's first line */
  nft(rules: string): Promise<void>;
  hasTable(name: string): Promise<boolean>;
  /** The current text of a table. */
  tableText(name: string): Promise<string>;
  /** Runs lines of `ip -batch`. @throws Error with ip's own message */
  ip(lines: readonly string[]): Promise<void>;
  /** Whether a route leads to this address, other than a blackhole. */
  hasRoute(ip: string): Promise<boolean>;
  hasLink(name: string): boolean;
  /** Runs the node's own iptables. @returns its output; undefined on failure, as for an unknown rule */
  iptables(args: readonly string[]): Promise<string | undefined>;
  /** Deletes a table's rules, given as `iptables -S` prints them, atomically. */
  deleteIptables(table: string, rules: readonly string[]): Promise<void>;
  /**
   * @returns the program's output without the last newline.
   * @throws Error naming the program and why it failed
   */
  run(words: Words): Promise<string>;
  table(): TableReading;
  /** Inserts entries by number: TCP, ESTABLISHED, for a day. See kernel/ctnetlink.ts. */
  insertEntries(from: number, count: number, mark: number, assured: boolean): void;
  removeEntries(from: number, count: number): void;
  /** Deletes the entries with this mark. */
  flushMark(mark: number): Promise<void>;
  dumpEntries(mark: number): Promise<readonly ConntrackEntry[]>;
  /** @returns how many existed */
  deleteEntries(entries: readonly EntryTuple[]): number;
}
