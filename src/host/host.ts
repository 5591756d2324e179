import type { ConntrackEntry } from '../kernel/conntrack-dump.ts';
import type { EntryTuple } from '../kernel/ctnetlink.ts';
import type { TableReading } from '../kernel/counters.ts';

/** A program and its arguments. No shell reads them. */
export type Words = readonly [string, ...string[]];

/**
 * A node or a pod, as its network namespace can be asked and told. There are three: the kernel's (net-host.ts), one in
 * memory (fake-host.ts), and one that records what another is told (traced.ts).
 */
export interface Host {
  readonly name: string;
  /** Numbers separated by single spaces. @throws Error in one line */
  readSysctl(name: string): string;
  /** @returns what reads back. @throws Error in one line */
  writeSysctl(name: string, value: string): string;
  /** Loads rules, all or none. @throws Error with nft's first line */
  nft(rules: string): Promise<void>;
  hasTable(name: string): Promise<boolean>;
  /** The text of a table as it stands. */
  tableText(name: string): Promise<string>;
  /** Runs lines of `ip -batch`. @throws Error with ip's own message */
  ip(lines: readonly string[]): Promise<void>;
  /** Whether a packet for this address leads somewhere: to no blackhole. */
  hasRoute(ip: string): Promise<boolean>;
  hasLink(name: string): boolean;
  /** The node's own iptables. @returns what it prints; undefined where it fails, as for a rule that is not there */
  iptables(args: readonly string[]): Promise<string | undefined>;
  /** Deletes rules of a table, as `iptables -S` prints them: all or none. */
  deleteIptables(table: string, rules: readonly string[]): Promise<void>;
  /** @returns what the program prints, without the last line end. @throws Error naming the program and why it failed */
  run(words: Words): Promise<string>;
  /** The conntrack table. */
  table(): TableReading;
  /** Inserts entries by number: TCP, ESTABLISHED, for a day. See kernel/ctnetlink.ts. */
  insertEntries(from: number, count: number, mark: number, assured: boolean): void;
  removeEntries(from: number, count: number): void;
  /** Deletes the entries that have this mark. */
  flushMark(mark: number): void;
  dumpEntries(mark: number): Promise<readonly ConntrackEntry[]>;
  /** @returns how many there were */
  deleteEntries(entries: readonly EntryTuple[]): number;
}
