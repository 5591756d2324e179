import { dumpEntries, type ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { deleteEntries } from '../../kernel/ctnetlink.ts';
import { IPPROTO_TCP, IPPROTO_UDP } from '../../kernel/libc.ts';
import type { Service } from './network.ts';
import type { Done } from './done.ts';
import { DEMAND_MARK } from './packet-rules.ts';
import { protocols } from './network.ts';
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
export async function deleteStale(
  nodes: readonly string[],
  spaces: Spaces,
  services: readonly Service[],
): Promise<Done> {
  const stale = async (node: string): Promise<readonly ConntrackEntry[]> =>
    staleEntries(await dumpEntries(spaces.get(node), DEMAND_MARK), services);
  const sum = (counts: readonly number[]): string =>
    `${String(counts.reduce((a, b) => a + b, 0))} stale entries`;
  // Side by side: each dump is a walk through the hash of the whole machine.
  const swept = await Promise.all(
    nodes.map(async (node) => {
      const entries = await stale(node);
      if (entries.length === 0) return { before: 0, after: 0 };
      deleteEntries(spaces.get(node), entries);
      return { before: entries.length, after: (await stale(node)).length };
    }),
  );
  const [found, readBack] = [sum(swept.map(({ before }) => before)), sum(swept.map(({ after }) => after))];
  return { found, readBack, emulated: false, undo: () => Promise.resolve({ found, readBack }) };
}
