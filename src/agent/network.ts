import type { App } from '../server/apps.ts';
import type { Topology } from '../schema/topology.ts';

/** Where a node’s own DNS cache listens: the link-local address that NodeLocal DNSCache has by default. */
export const NODE_DNS = '169.254.20.10';

export interface Node {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
}

export interface Pod {
  /** Also the name of its network namespace, unless it is on its node's network. */
  readonly name: string;
  readonly set: string;
  readonly node: string;
  readonly ip: string;
  /** Its end of the cable on the node; none where it is on the node's own network. */
  readonly link: string | undefined;
  /** The node's end of the second cable, by which an asymmetric pod sends. */
  readonly uplink?: string;
}

/** A pod that has a network namespace of its own. */
export type CabledPod = Pod & { readonly link: string };

export function isCabled(pod: Pod): pod is CabledPod {
  return pod.link !== undefined;
}

export interface Service {
  readonly name: string;
  /** `None` where it is headless, as in its spec. */
  readonly ip: string;
  readonly port: number;
  /** Where its pods listen. */
  readonly targetPort: number;
  readonly app: App;
  readonly headless: boolean;
  readonly endpoints: readonly Pod[];
  /** What its app asks before it answers, by service. */
  readonly calls: readonly { readonly service: string; readonly name?: string | undefined }[];
  /** HTTPS; no certificate is looked at. */
  readonly tls?: boolean;
  readonly proxy?: Topology['services'][string]['proxy'];
}

export interface Network {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

/** Where the pods behind a service listen; different, since one pod may stand behind several. */
export const TARGET_PORTS = {
  http: 8080,
  apiserver: 6443,
  echo: 7007,
  'udp-echo': 7007,
  'boom-server': 9090,
  'boom-pod': 9090,
  dns: 53,
  stateless: 8090,
  nginx: 8088,
} as const satisfies Record<App, number>;

/** By IP's name of it; what a service is reached by. */
export function protocols({ app }: Pick<Service, 'app'>): readonly ('tcp' | 'udp')[] {
  if (app === 'dns') return ['udp', 'tcp'];
  return app === 'udp-echo' ? ['udp'] : ['tcp'];
}

/** Where a service that an app calls is reached. */
export function locate(
  { services }: Network,
  { service, name }: { readonly service: string; readonly name?: string | undefined },
): { readonly ip: string; readonly port: number; readonly name: string | undefined } {
  const { ip = '', port = 0 } = services.find((each) => each.name === service) ?? {};
  return { ip, port, name };
}
