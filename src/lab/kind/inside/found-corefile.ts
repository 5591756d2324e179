import type { NetNamespace } from '../../../kernel/netns.ts';
import { lookUp } from '../../../load/target.ts';
import type { Done } from '../../../change/done.ts';
import { restorable } from '../../../change/restorable.ts';
import { DNS_PORT } from '../../../agent/node-dns-parts.ts';
import { lineOf } from '../corefile.ts';
import { podSpaces, readInPod } from './pod-spaces.ts';
import { until } from '../../../util/until.ts';

/** CoreDNS watches the services' endpoints. */
const RESOLVED_WITHIN_MS = 5_000;

/** Where CoreDNS' Deployment has its ConfigMap mounted. */
const FILE = '/etc/coredns/Corefile';

/** The pods that the cluster's DNS is in, and the Corefile that those on this node have. */
export class FoundCorefile {
  readonly #node: NetNamespace;
  #ips: readonly string[];
  /** Those that it was in before. */
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

  /** Asked from the node: the pods' own look-ups would be in the table under test. */
  async resolved(name: string, ips: readonly string[]): Promise<void> {
    const spaces = podSpaces();
    const wanted = ips.toSorted().join(' ');
    for (const ip of this.#ips.filter((each) => spaces.has(each)))
      await until(
        `${wanted} for ${name} from CoreDNS at ${ip}`,
        async () => {
          const { addresses } = await lookUp(this.#node, { ip, port: DNS_PORT }, name);
          return addresses.toSorted().join(' ') === wanted ? true : undefined;
        },
        AbortSignal.timeout(RESOLVED_WITHIN_MS),
      );
  }

  /** The harness has put other pods in the place of those with the Corefile that was, and puts those back. */
  apply(kind: 'record-ttl' | 'coredns-forward'): Promise<Done> {
    const before = this.#before;
    const line = (ips: readonly string[]): string => lineOf(read(ips), kind);
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

/** Of the first of these pods that is on this node. */
function read(ips: readonly string[]): string {
  const spaces = podSpaces();
  const space = ips.flatMap((ip) => spaces.get(ip) ?? [])[0];
  if (space === undefined) throw new Error('no pod of CoreDNS is on this node');
  return readInPod(space, FILE);
}
