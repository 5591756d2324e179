import type { NetNamespace } from '../../../kernel/netns.ts';
import { lookUp } from '../../../load/target.ts';
import type { Done } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import { DNS_PORT } from '../../../agent/node-dns-parts.ts';
import type { CorefileLine } from '../corefile.ts';
import { podNamespaces, readInPod } from './pod-namespaces.ts';
import { until } from '../../../util/until.ts';

/** Maximum wait for CoreDNS, ms, which watches the services' endpoints. */
const RESOLVED_WITHIN_MS = 5_000;

/** Mount point of the ConfigMap in CoreDNS's Deployment. */
const FILE = '/etc/coredns/Corefile';

/** The pods of the cluster's DNS, and the Corefile of those on this node. */
export class FoundCorefile {
  readonly #node: NetNamespace;
  #ips: readonly string[];
  /** The pods it was in before. */
  #before: readonly string[] = [];

  constructor(node: NetNamespace, ips: readonly string[]) {
    this.#node = node;
    this.#ips = ips;
  }

  get ips(): readonly string[] {
    return this.#ips;
  }

  moved(ips: readonly string[]): void {
    this.#before = this.#ips;
    this.#ips = ips;
  }

  /** Asked from the node: pods' own lookups would enter the table under test. */
  async resolved(name: string, ips: readonly string[]): Promise<void> {
    const namespaces = podNamespaces();
    const wanted = ips.toSorted().join(' ');
    for (const ip of this.#ips.filter((each) => namespaces.has(each)))
      await until(
        `${wanted} for ${name} from CoreDNS at ${ip}`,
        async () => {
          const { addresses } = await lookUp(this.#node, { ip, port: DNS_PORT }, name);
          return addresses.toSorted().join(' ') === wanted ? true : undefined;
        },
        AbortSignal.timeout(RESOLVED_WITHIN_MS),
      );
  }

  /** The harness has replaced the pods with the old Corefile, and brings them back. */
  apply(lineOf: CorefileLine): Promise<Done> {
    const before = this.#before;
    const line = (ips: readonly string[]): string => lineOf(read(ips));
    let made = false;
    return restorable([
      {
        name: 'CoreDNS',
        read: () => line(made ? this.#ips : before),
        make: () => {
          made = true;
        },
        restore: () => {
          made = false;
        },
      },
    ]);
  }
}

/** The Corefile of the first of these pods on this node. */
function read(ips: readonly string[]): string {
  const namespaces = podNamespaces();
  const space = ips.flatMap((ip) => namespaces.get(ip) ?? [])[0];
  if (space === undefined) throw new Error('no pod of CoreDNS is on this node');
  return readInPod(space, FILE);
}
