import type { App } from '../server/apps.ts';
import type { Topology } from '../schema/topology.ts';

/** Address of a node's DNS cache: NodeLocal DNSCache's link-local default. */
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
  /** The node's end of its veth; undefined on the node's own network. */
  readonly link: string | undefined;
  /** The node's end of the second interface, by which an asymmetric pod sends. */
  readonly secondLink?: string;
}

/** A pod with its own network namespace. */
export type VethPod = Pod & { readonly link: string };

export function hasVeth(pod: Pod): pod is VethPod {
  return pod.link !== undefined;
}

export interface Service {
  readonly name: string;
  /** `None` for headless services, as in their spec. */
  readonly ip: string;
  readonly port: number;
  /** The port that its pods listen on. */
  readonly targetPort: number;
  readonly app: App;
  readonly headless: boolean;
  /** Its address is its node's. */
  readonly hostPort?: boolean | undefined;
  readonly endpoints: readonly Pod[];
  /** Services that its app calls before it answers. */
  readonly calls: readonly { readonly service: string; readonly name?: string | undefined }[];
  /** How long an `echo` or a `boom-server` waits before it answers, s. */
  readonly delay?: number | undefined;
  /** HTTPS, without certificate verification. */
  readonly tls?: boolean;
  readonly proxy?: Topology['services'][string]['proxy'];
}

export interface Network {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

/** The pods of a set. @throws Error where the topology has no such set */
export function podsIn(pods: readonly Pod[], set: string): readonly [Pod, ...Pod[]] {
  const [first, ...others] = pods.filter((pod) => pod.set === set);
  if (first === undefined) throw new Error(`there are no pods ${set}; add them to topology.pods`);
  return [first, ...others];
}

/** The address of a service that an app calls. */
export function locate(
  { services }: Network,
  { service, name }: { readonly service: string; readonly name?: string | undefined },
): { readonly ip: string; readonly port: number; readonly name: string | undefined } {
  const { ip = '', port = 0 } = services.find((each) => each.name === service) ?? {};
  return { ip, port, name };
}
