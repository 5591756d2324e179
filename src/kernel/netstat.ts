import { readFileSync } from 'node:fs';
import type { NetNamespace } from './netns.ts';

/**
 * Parses /proc/net/netstat: per group a line of names, then a line of numbers (netstat_seq_show in
 * net/ipv4/proc.c). Names are unique across groups.
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

/** A namespace's IP and TCP counters since its creation: TcpExt and IpExt of `nstat -az`. */
export function readNetstat(ns: NetNamespace): Readonly<Record<string, number>> {
  return parseNetstat(ns.within(() => readFileSync('/proc/thread-self/net/netstat', 'latin1')));
}
