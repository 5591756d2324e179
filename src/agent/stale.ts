import { dumpEntries, type ConntrackEntry } from '../kernel/conntrack-dump.ts';
import { deleteEntries } from '../kernel/ctnetlink.ts';
import { IPPROTO_TCP, IPPROTO_UDP } from '../kernel/libc.ts';
import type { Service } from './network.ts';
import type { Done } from '../change/done.ts';
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
  // Side by side, and once: each dump is a walk through the hash of the whole machine. The kernel answers each deletion.
  const swept = await Promise.all(
    nodes.map(async (node) => {
      const stale = staleEntries(await dumpEntries(spaces.get(node), DEMAND_MARK), services);
      return { stale: stale.length, deleted: deleteEntries(spaces.get(node), stale) };
    }),
  );
  const sum = (of: 'stale' | 'deleted'): string => String(swept.reduce((total, each) => total + each[of], 0));
  const [found, readBack] = [`${sum('stale')} stale entries`, `${sum('deleted')} deleted`];
  return { found, readBack, emulated: false, undo: () => Promise.resolve({ found, readBack }) };
}
