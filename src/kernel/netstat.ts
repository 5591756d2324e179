import { readFileSync } from 'node:fs';
import type { NetNamespace } from './netns.ts';

/**
 * Parses /proc/net/netstat: for each group a line of names, then a line of numbers (netstat_seq_show in net/ipv4/proc.c).
 * Names are unique across its groups.
 */
export function parseNetstat(text: string): Readonly<Record<string, number>> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(1));
  return Object.fromEntries(
    lines.flatMap((names, i) =>
      i % 2 === 0 ? names.map((name, k) => [name, Number(lines[i + 1]?.[k] ?? 0)] as const) : [],
    ),
  );
}

/** The IP and TCP counters of a namespace, from its birth: what `nstat -az` shows as TcpExt and IpExt. */
export function readNetstat(ns: NetNamespace): Readonly<Record<string, number>> {
  return parseNetstat(ns.within(() => readFileSync('/proc/thread-self/net/netstat', 'latin1')));
}
