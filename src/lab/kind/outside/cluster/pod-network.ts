import { docker } from '../docker.ts';

/** A node of a cluster whose image has no CNI. */
export interface BareNode {
  /** Also the name of its container. */
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
}

const CONFLIST = '/etc/cni/net.d/10-tablefull.conflist';

/**
 * The container runtime's CNI configuration, like kindnetd's: a veth per pod, addresses of the node's range.
 */
export function conflist(podCidr: string): string {
  return JSON.stringify({
    cniVersion: '0.3.1',
    name: 'tablefull',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        mtu: 1500,
        ipam: {
          type: 'host-local',
          dataDir: '/run/cni-ipam-state',
          routes: [{ dst: '0.0.0.0/0' }],
          ranges: [[{ subnet: podCidr }]],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
}

/** Routes from one node to the others' pods, for `ip -batch`. */
export function routesOf(node: BareNode, all: readonly BareNode[]): string {
  const others = all.filter(({ name }) => name !== node.name);
  return others.map(({ ip, podCidr }) => `route replace ${podCidr} via ${ip}\n`).join('');
}

/** Sets up a cluster's pod network. Idempotent; repairs restarted nodes. */
export async function layPodNetwork(nodes: readonly BareNode[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const within = ['exec', '-i', node.name];
      const routes = routesOf(node, nodes);
      await docker([...within, 'ip', '-batch', '-'], { input: routes, signal });
      await docker([...within, 'cp', '/dev/stdin', CONFLIST], { input: conflist(node.podCidr), signal });
    }),
  );
}
