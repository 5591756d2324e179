import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { NetNamespace } from '../../../kernel/netns.ts';
import { deleteTables } from '../../../kernel/nft.ts';
import { dropsInvalidAgain } from '../../../host/invalid-packets.ts';
import { NetHost } from '../../../host/net-host.ts';
import { BALLAST_MARK, DEMAND_MARK, KEEP_MARK } from '../../../host/marks.ts';
import { deleteNodeLocalRules } from './node-local-rules.ts';
import { proxyMode } from './proxy-metrics.ts';
import { programmedEndpoints, type ProgrammedEndpoints } from './service-rules.ts';

/** Marks an agent's routes (rtm_protocol; unused in /etc/iproute2/rt_protos). */
export const OWN_ROUTES = '237';
/** Names of an agent's tables. */
const OWN_TABLES = /^tablefull/;

/** What an agent, or the guardian after it, reads and restores on its node. */
export interface NodeHost {
  readonly hasSysctl: (name: string) => boolean;
  readonly readSysctl: (name: string) => string;
  /** @returns the value read back */
  readonly writeSysctl: (name: string, value: string) => string;
  /** Where kube-proxy's rules lead from a service's address. @throws Error where kube-proxy does not answer */
  readonly endpointsOf: (address: string) => Promise<ProgrammedEndpoints>;
  /** Deletes the tables of agents. @returns their names */
  readonly deleteOwnTables: () => Promise<readonly string[]>;
  /** @returns whether there were any */
  readonly deleteNodeLocalRules: () => Promise<boolean>;
  /** @returns whether there was one */
  readonly deleteLink: (name: string) => Promise<boolean>;
  readonly flushOwnRoutes: () => Promise<unknown>;
  /** @returns whether kube-proxy's rule was bypassed */
  readonly restoreInvalidRule: () => Promise<boolean>;
  readonly flushOwnEntries: () => Promise<void>;
}

/** The node whose network this process is in. */
export function openNodeHost(): NodeHost & Disposable {
  const node = NetNamespace.open('/proc/self/ns/net');
  const host = new NetHost('node', node);
  return {
    hasSysctl: (name) => existsSync(`/proc/sys/${name.replaceAll('.', '/')}`),
    readSysctl: (name) => host.readSysctl(name),
    writeSysctl: (name, value) => host.writeSysctl(name, value),
    endpointsOf: async (address) => programmedEndpoints(host, await proxyMode(), address),
    deleteOwnTables: () => deleteTables(node, OWN_TABLES),
    deleteNodeLocalRules: () => deleteNodeLocalRules(host),
    deleteLink: async (name) => {
      const { failed } = await node.within(() => execa('ip', ['link', 'del', name], { reject: false }));
      return !failed;
    },
    flushOwnRoutes: () => node.within(() => execa('ip', ['route', 'flush', 'proto', OWN_ROUTES])),
    restoreInvalidRule: () => dropsInvalidAgain(host),
    flushOwnEntries: async () => {
      for (const mark of [DEMAND_MARK, KEEP_MARK, BALLAST_MARK]) await host.flushMark(mark);
    },
    [Symbol.dispose]: () => {
      node.close();
    },
  };
}
