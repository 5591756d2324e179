import { shellWord } from '../util/shell-word.ts';
import type { Host, Words } from './host.ts';

/** Receives each command to a host before it runs: `sysctl -w net.ipv4.ip_forward=1`. */
export type Trace = (host: string, ...lines: readonly string[]) => void;

/** The same host with every modifying command traced; reads are not. */
export function traced(host: Host, trace: Trace): Host {
  const say = (...lines: readonly string[]): void => {
    if (lines.length > 0) trace(host.name, ...lines);
  };
  return {
    name: host.name,
    readSysctl: (name) => host.readSysctl(name),
    writeSysctl: (name, value) => {
      say(`sysctl -w ${name}=${shellWord(value)}`);
      return host.writeSysctl(name, value);
    },
    nft: (rules) => {
      say(hereDocument('nft -f -', rules));
      return host.nft(rules);
    },
    hasTable: (name) => host.hasTable(name),
    tableText: (name) => host.tableText(name),
    ip: (lines) => {
      say(...lines.map((line) => `ip ${line}`));
      return host.ip(lines);
    },
    hasRoute: (ip) => host.hasRoute(ip),
    hasLink: (name) => host.hasLink(name),
    iptables: (args) => {
      if (args.some((word) => word === '-I' || word === '-D')) say(`iptables -w ${args.join(' ')}`);
      return host.iptables(args);
    },
    deleteIptables: (table, rules) => {
      say(...rules.map((rule) => `iptables -t ${table} ${rule.replace(/^-A/, '-D')}`));
      return host.deleteIptables(table, rules);
    },
    run: (words) => {
      say(command(words));
      return host.run(words);
    },
    table: () => host.table(),
    insertEntries: (from, count, mark, assured) => {
      say(`ctnetlink: insert ${String(count)} ${assured ? 'assured' : 'unassured'} entries`);
      host.insertEntries(from, count, mark, assured);
    },
    removeEntries: (from, count) => {
      say(`ctnetlink: delete ${String(count)} of the entries inserted`);
      host.removeEntries(from, count);
    },
    flushMark: (mark) => {
      say(`conntrack -D --mark 0x${mark.toString(16)}`);
      return host.flushMark(mark);
    },
    dumpEntries: (mark) => host.dumpEntries(mark),
    deleteEntries: (entries) => {
      say(`ctnetlink: delete ${String(entries.length)} entries by their addresses`);
      return host.deleteEntries(entries);
    },
  };
}

/** A command line in shell syntax. */
export function command(words: Words): string {
  return words.map(shellWord).join(' ');
}

/** A command with its standard input as a here-document. */
export function hereDocument(line: string, input: string): string {
  return `${line} <<'END'\n${input.trim()}\nEND`;
}
