import type { ConntrackEntry } from '../../kernel/conntrack-dump.ts';
import { DEMAND_MARK } from '../../host/marks.ts';
import { EVERY_NODE, defineChange } from '../define.ts';
import { doneOnce } from '../done-once.ts';
import type { ServiceEntry } from '../target.ts';

export const conntrackDelete = defineChange({
  kind: 'conntrack-delete',
  doc: 'Deletes, on every node, service entries that lead to a former endpoint.',
  fields: {},
  api: 'after',
  apply: async (_, target) => {
    const services = target.services();
    // Concurrent, with one dump per node: each walks the whole machine's hash.
    const readings = await Promise.all(
      target.nodes(EVERY_NODE).map(async (host) => {
        const stale = staleEntries(await host.dumpEntries(DEMAND_MARK), services);
        return {
          node: host.name,
          before: { stale: stale.length },
          after: { deleted: host.deleteEntries(stale) },
        };
      }),
    );
    return doneOnce(readings);
  },
});

/**
 * Entries from a service's address to something that is not its endpoint: kube-proxy's criterion
 * (pkg/proxy/conntrack/cleanup.go), which it applies to UDP only.
 */
export function staleEntries(
  entries: readonly ConntrackEntry[],
  services: readonly ServiceEntry[],
): readonly ConntrackEntry[] {
  const key = (protocol: number, ip: string, port: number): string =>
    `${String(protocol)} ${ip} ${String(port)}`;
  const endpoints = new Map(
    services.map(({ protocol, ip, port, endpoints }) => [key(protocol, ip, port), new Set(endpoints)]),
  );
  return entries.filter(({ protocol, destination, destinationPort, replySource }) => {
    const serving = endpoints.get(key(protocol, destination, destinationPort));
    return serving !== undefined && !serving.has(replySource);
  });
}
