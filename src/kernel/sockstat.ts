import { readFileSync } from 'node:fs';
import type { NetNamespace } from './netns.ts';

/** Open TCP sockets of a namespace, without those in TIME_WAIT, which belong to no process. */
export function socketsInUse(ns: NetNamespace): number {
  return parseSockstat(ns.within(() => readFileSync('/proc/thread-self/net/sockstat', 'latin1')));
}

/** @throws Error where the text is not that of /proc/net/sockstat (net/ipv4/proc.c) */
export function parseSockstat(text: string): number {
  const inUse = /^TCP: inuse (\d+)/m.exec(text)?.[1];
  if (inUse === undefined) throw new Error('/proc/net/sockstat: the line TCP: inuse is missing');
  return Number(inUse);
}
