import { dumpEntries, type ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { deleteEntries } from '../../kernel/ctnetlink.ts';
import { IPPROTO_TCP, IPPROTO_UDP } from '../../kernel/libc.ts';
import type { Service } from './addresses.ts';
import type { Done } from './done.ts';
import { DEMAND_MARK, protocols } from './rules.ts';
import type { Spaces } from './spaces.ts';

const NUMBERS = { tcp: IPPROTO_TCP, udp: IPPROTO_UDP } as const;

/**
 * The entries that lead from a service's address to what is no endpoint of it any more: kube-proxy's own measure
 * (pkg/proxy/conntrack/cleanup.go), which it applies to UDP alone.
 */
export function staleEntries(
  entries: readonly ConntrackEntry[],
  services: readonly Service[],
): readonly ConntrackEntry[] {
  const endpoints = new Map(
    services.flatMap((service) =>
      protocols(service).map((protocol) => [
        key(NUMBERS[protocol], service.ip, service.port),
        new Set(service.endpoints.map(({ ip }) => ip)),
      ]),
    ),
  );
  return entries.filter(({ protocol, destination, destinationPort, replySource }) => {
    const serving = endpoints.get(key(protocol, destination, destinationPort));
    return serving !== undefined && !serving.has(replySource);
  });
}

function key(protocol: number, ip: string, port: number): string {
  return `${String(protocol)} ${ip} ${String(port)}`;
}

/** Deletes the stale entries of these nodes. What is deleted does not come back, and none is missed: undoing is to leave it. */
export function deleteStale(nodes: readonly string[], spaces: Spaces, services: readonly Service[]): Done {
  const stale = (node: string): readonly ConntrackEntry[] =>
    staleEntries(dumpEntries(spaces.get(node), DEMAND_MARK), services);
  const before = nodes.map((node) => ({ node, entries: stale(node) }));
  for (const { node, entries } of before) deleteEntries(spaces.get(node), entries);
  const found = say(before.flatMap(({ entries }) => entries).length);
  const readBack = say(nodes.flatMap(stale).length);
  return { found, readBack, emulated: false, undo: () => Promise.resolve({ found, readBack }) };
}

function say(count: number): string {
  return `${String(count)} stale entries`;
}
