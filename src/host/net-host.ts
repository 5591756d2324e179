import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { dumpEntries, type ConntrackEntry } from '../kernel/conntrack-dump.ts';
import { openTable, type Table, type TableReading } from '../kernel/counters.ts';
import {
  deleteEntries,
  flushMark,
  insertEstablished,
  removeEstablished,
  type EntryTuple,
} from '../kernel/ctnetlink.ts';
import type { NetNamespace } from '../kernel/netns.ts';
import { hasNftTable, nft, nftTable } from '../kernel/nft.ts';
import { isNetlinkLine, runIpLines } from '../kernel/rtnetlink.ts';
import { readSysctl, writeSysctl } from '../kernel/sysctl.ts';
import type { Host, Words } from './host.ts';

/** Timeout of a command, s; it is then killed and fails. */
const SECONDS = 10;
/** Maximum output of a command, bytes; more fails it. */
const OUTPUT = 64 * 1024;
/**
 * Where the node's own iptables is. There are two kinds, blind to each other; the node's uses kube-proxy's
 * tables.
 */
const NODE_ROOT = '/proc/1/root';

/** A network namespace of this machine. */
export class NetHost implements Host {
  readonly name: string;
  readonly space: NetNamespace;
  #table: Table | undefined;

  constructor(name: string, space: NetNamespace) {
    this.name = name;
    this.space = space;
  }

  readSysctl(name: string): string {
    return this.space.within(() => readSysctl(name));
  }

  writeSysctl(name: string, value: string): string {
    return this.space.within(() => writeSysctl(name, value));
  }

  nft(rules: string): Promise<void> {
    return nft(this.space, rules);
  }

  hasTable(name: string): Promise<boolean> {
    return hasNftTable(this.space, name);
  }

  tableText(name: string): Promise<string> {
    return nftTable(this.space, name);
  }

  /** By rtnetlink where it supports every line, else by `ip`. */
  async ip(lines: readonly string[]): Promise<void> {
    if (lines.every(isNetlinkLine)) {
      if (lines.length > 0) runIpLines(this.space, lines);
      return;
    }
    await this.space.within(() => execa('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` }));
  }

  async hasRoute(ip: string): Promise<boolean> {
    const { stdout } = await this.space.within(() => execa('ip', ['route', 'show', `${ip}/32`]));
    return stdout !== '' && !stdout.startsWith('blackhole');
  }

  hasLink(name: string): boolean {
    const links = this.space.within(() => readFileSync('/proc/thread-self/net/dev', 'utf8'));
    return links.split(/[\s:]+/).includes(name);
  }

  async iptables(args: readonly string[]): Promise<string | undefined> {
    const { failed, stdout } = await this.space.within(() =>
      execa('chroot', [NODE_ROOT, 'iptables', '-w', ...args], { reject: false }),
    );
    return failed ? undefined : stdout;
  }

  async deleteIptables(table: string, rules: readonly string[]): Promise<void> {
    if (rules.length === 0) return;
    const input = [`*${table}`, ...rules.map((rule) => rule.replace(/^-A/, '-D')), 'COMMIT', ''].join('\n');
    await this.space.within(() =>
      execa('chroot', [NODE_ROOT, 'iptables-restore', '-w', '--noflush'], { input }),
    );
  }

  async run([program, ...args]: Words): Promise<string> {
    const result = await this.space.within(() =>
      execa(program, args, {
        stdin: 'ignore',
        reject: false,
        timeout: SECONDS * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT,
      }),
    );
    if (!result.failed) return result.stdout;
    const [said = ''] = result.stderr.split('\n');
    const why = result.timedOut
      ? `did not end within ${String(SECONDS)} s`
      : result.isMaxBuffer
        ? `printed more than ${String(OUTPUT)} bytes`
        : result.exitCode === undefined
          ? (result.originalMessage ?? 'could not be run')
          : `ended with ${String(result.exitCode)}${said === '' ? '' : `: ${said}`}`;
    throw new Error(`${this.name}: ${[program, ...args].join(' ')}: ${why}`);
  }

  table(): TableReading {
    this.#table ??= openTable(this.space);
    return this.#table.read();
  }

  insertEntries(from: number, count: number, mark: number, assured: boolean): void {
    insertEstablished(this.space, from, count, mark, assured);
  }

  removeEntries(from: number, count: number): void {
    removeEstablished(this.space, from, count);
  }

  flushMark(mark: number): Promise<void> {
    return flushMark(this.space, mark);
  }

  dumpEntries(mark: number): Promise<readonly ConntrackEntry[]> {
    return dumpEntries(this.space, mark);
  }

  deleteEntries(entries: readonly EntryTuple[]): number {
    return deleteEntries(this.space, entries);
  }
}
