import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { execa } from 'execa';
import type { NetNamespace } from '../kernel/netns.ts';
import { tcpListener } from '../kernel/socket.ts';
import type { ConntrackConfig } from '../change/kube-proxy-settings.ts';

/** In the node's network namespace, where nothing else listens. */
const API = { ip: '127.0.0.1', port: 6443 } as const;
const FOLDER = '/run/kube-proxy';
/** Maximum run time, ms; a fifth of a second is normal. */
const PATIENCE_MS = 20_000;
/** Mounts each file over the path after it, up to `--`, then becomes the program. */
const WITH_FILES = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"';

/**
 * Runs the real kube-proxy on a node with `--init-only`, which exits after setup. It waits for its Node from
 * an API server indefinitely, so it gets one.
 *
 * Uses nftables mode: starting in iptables mode would remove the node's nftables rules.
 *
 * @param standIns files that it alone sees in place of others, by the path of the other
 * @throws Error with its last output where it fails
 */
export async function startKubeProxy(
  program: string,
  node: { readonly name: string; readonly namespace: NetNamespace },
  conntrack: ConntrackConfig,
  standIns: Readonly<Record<string, string>> = {},
): Promise<void> {
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    hostnameOverride: node.name,
    clientConnection: { kubeconfig: `${FOLDER}/kubeconfig` },
    conntrack,
  };
  mkdirSync(FOLDER, { recursive: true });
  // JSON is YAML.
  writeFileSync(`${FOLDER}/config`, JSON.stringify(config));
  writeFileSync(`${FOLDER}/kubeconfig`, JSON.stringify(kubeconfig()));
  const api = nodeApi(node.name);
  api.listen({ fd: tcpListener(node.namespace, API.ip, API.port) });
  await once(api, 'listening');
  const mounts = Object.entries(standIns).flatMap(([path, file]) => [file, path]);
  const before = ['--mount', '--', 'sh', '-c', WITH_FILES, 'sh', ...mounts, '--'];
  try {
    const { failed, timedOut, stderr } = await node.namespace.within(() => ({
      ended: execa('unshare', [...before, program, '--init-only', '--config', `${FOLDER}/config`], {
        reject: false,
        timeout: PATIENCE_MS,
      }),
    })).ended;
    if (timedOut) throw new Error(`${program} did not end within ${String(PATIENCE_MS / 1000)} s`);
    if (failed) throw new Error(`${program} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  } finally {
    // kube-proxy leaves a watch of its Node open.
    api.closeAllConnections();
    api.close();
  }
}

function kubeconfig(): unknown {
  const [name, user] = ['lab', 'kube-proxy'];
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `http://${API.ip}:${String(API.port)}` } }],
    users: [{ name: user, user: {} }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
}

/** The annotation that ends what a watch sends first (k8s.io/apimachinery, meta/v1). */
const INITIAL_END = 'k8s.io/initial-events-end';

/**
 * The part of an API server that kube-proxy needs to start: this one Node, a list of it, and a watch without news.
 * Up to 1.32 it asks for the Node itself.
 * Clients since 1.35 ask for no list: their watch wants the objects as its first events, and a bookmark after them.
 */
export function nodeApi(name: string): Server {
  const resourceVersion = '1';
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, resourceVersion },
    status: { addresses: [{ type: 'InternalIP', address: API.ip }] },
  };
  const bookmark = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { resourceVersion, annotations: { [INITIAL_END]: 'true' } },
  };
  const list = { apiVersion: 'v1', kind: 'NodeList', metadata: { resourceVersion }, items: [node] };
  return createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json');
    const { pathname, searchParams } = new URL(url, 'http://api');
    if (searchParams.get('watch') !== 'true') {
      response.end(JSON.stringify(pathname.endsWith(`/nodes/${name}`) ? node : list));
      return;
    }
    response.flushHeaders();
    if (searchParams.get('sendInitialEvents') !== 'true') return;
    for (const event of [
      { type: 'ADDED', object: node },
      { type: 'BOOKMARK', object: bookmark },
    ])
      response.write(`${JSON.stringify(event)}\n`);
  });
}
