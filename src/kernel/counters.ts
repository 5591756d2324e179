import { closeSync, openSync, readSync } from 'node:fs';
import { CONNTRACK_COUNTERS, type ConntrackCounter } from './counter-names.ts';
import type { NetNamespace } from './netns.ts';
import { messageOf } from '../util/error-text.ts';

export type Counters = Readonly<Record<ConntrackCounter, number>>;

/** One reading of a namespace's conntrack table. */
export interface TableReading {
  readonly entries: number;
  readonly limit: number;
  readonly buckets: number;
  /** Summed over the CPUs, since the namespace was created. */
  readonly counters: Counters;
}

/** Descriptors of a table's files; any thread of the process may read them. */
export interface TableFiles {
  readonly entries: number;
  readonly limit: number;
  readonly buckets: number;
  readonly stat: number;
}

/** A namespace's conntrack table, kept open for frequent reading: about ten microseconds each, no dump. */
export interface Table extends Disposable {
  readonly files: TableFiles;
  /** @throws Error of read(2): ENOENT once the namespace is gone */
  read(): TableReading;
}

/**
 * Column names of the counters. They vary: `clashres` was `searched` before 5.10, `chainlength` was
 * `delete_list` before 5.15. A missing column reads as 0.
 */
const COLUMNS: Readonly<Record<ConntrackCounter, string>> = {
  found: 'found',
  invalid: 'invalid',
  insert: 'insert',
  insert_failed: 'insert_failed',
  drop: 'drop',
  early_drop: 'early_drop',
  error: 'icmp_error',
  search_restart: 'search_restart',
  clash_resolve: 'clashres',
  chaintoolong: 'chainlength',
};

/**
 * Parses /proc/net/stat/nf_conntrack: a row of names, then a row of hexadecimal numbers per CPU
 * (ct_cpu_seq_show in net/netfilter/nf_conntrack_standalone.c). The sum is exact up to 2^53.
 *
 * @throws Error where the text has no such header
 */
export function parseStat(text: string): Counters {
  const [names = '', ...cpus] = text.trim().split('\n');
  const counted = columnsOf(names);
  const sums: Record<string, number> = {};
  for (const [name] of counted) sums[name] = 0;
  for (const cpu of cpus) {
    const row = wordsOf(cpu);
    for (const [name, at] of counted) sums[name] = (sums[name] ?? 0) + Number.parseInt(row[at] ?? '0', 16);
  }
  return sums as Record<ConntrackCounter, number>;
}

/** A regular expression would take as long as reading the file. */
function wordsOf(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

/** Cache of the last header: a kernel has one, and it is parsed thousands of times. */
let known: { readonly names: string; readonly columns: readonly (readonly [ConntrackCounter, number])[] } = {
  names: '',
  columns: [],
};

/** Index of each counter; -1, which adds nothing, where this kernel has no such column. */
function columnsOf(names: string): (typeof known)['columns'] {
  if (names === '' || names !== known.names) {
    const header = wordsOf(names);
    if (header[0] !== 'entries') throw new Error('/proc/net/stat/nf_conntrack: the header row is missing');
    const columns = CONNTRACK_COUNTERS.map((name) => [name, header.indexOf(COLUMNS[name])] as const);
    known = { names, columns };
  }
  return known.columns;
}

const SYSCTLS = '/proc/sys/net/netfilter/nf_conntrack_';

/**
 * Opens the table's files inside the namespace. They stay with it, so reading needs no setns(2).
 *
 * @throws Error where the namespace has no conntrack: the module is not loaded
 */
export function openTable(ns: NetNamespace): Table {
  using opening = new DisposableStack();
  const open = (path: string): number => {
    try {
      return opening.adopt(openSync(path, 'r'), closeSync);
    } catch (error) {
      const reason = messageOf(error);
      throw new Error(`${ns.path}: conntrack cannot be read (${reason}); load it: modprobe nf_conntrack`, {
        cause: error,
      });
    }
  };
  const files = ns.within((): TableFiles => ({
    entries: open(`${SYSCTLS}count`),
    limit: open(`${SYSCTLS}max`),
    buckets: open(`${SYSCTLS}buckets`),
    stat: open('/proc/thread-self/net/stat/nf_conntrack'),
  }));
  const held = opening.move();
  return {
    files,
    read: () => readTable(files),
    [Symbol.dispose]() {
      held.dispose();
    },
  };
}

/** Reads a table by its descriptors. @throws Error of read(2): ENOENT once the namespace is gone */
export function readTable(files: TableFiles): TableReading {
  return {
    entries: Number(readAll(files.entries)),
    limit: Number(readAll(files.limit)),
    buckets: Number(readAll(files.buckets)),
    counters: parseStat(readAll(files.stat)),
  };
}

const page = Buffer.allocUnsafe(4096);

/** Longer than any row of /proc/net/stat/nf_conntrack. */
const ROW = 512;

/**
 * Reads a whole kernel file from its start. Each read returns at most a page, in whole rows; a read with room
 * for another row is the last.
 */
function readAll(fd: number): string {
  let text = '';
  for (;;) {
    const length = readSync(fd, page, 0, page.length, text.length);
    text += page.toString('latin1', 0, length);
    if (length < page.length - ROW) return text;
  }
}
