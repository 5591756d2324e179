import { readFileSync } from 'node:fs';
import type { NetNamespace } from './netns.ts';

/** Counts of TCP sockets. */
export interface Sockstat {
  /** Open in the namespace, listeners and orphans included; without those in TIME_WAIT. */
  readonly inUse: number;
  /** Of the whole machine: closed, of no process, and not yet done. */
  readonly orphans: number;
}

export function sockstat(ns: NetNamespace): Sockstat {
  return parseSockstat(ns.within(() => readFileSync('/proc/thread-self/net/sockstat', 'latin1')));
}

/** @throws Error where the text is not that of /proc/net/sockstat (net/ipv4/proc.c) */
export function parseSockstat(text: string): Sockstat {
  const [, inUse, orphans] = /^TCP: inuse (\d+) orphan (\d+)/m.exec(text) ?? [];
  if (inUse === undefined) throw new Error('/proc/net/sockstat: the line TCP: inuse is missing');
  return { inUse: Number(inUse), orphans: Number(orphans) };
}
