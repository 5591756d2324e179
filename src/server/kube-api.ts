import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { execa } from 'execa';
import type { NetNamespace } from '../kernel/netns.ts';
import { tcpListener } from '../kernel/socket.ts';
import type { ConntrackConfig } from '../change/kube-proxy-settings.ts';

/** In the node's own network namespace, where nothing else listens. */
const API = { ip: '127.0.0.1', port: 6443 } as const;
const FOLDER = '/run/kube-proxy';
/** It takes a fifth of a second; a busy machine may take longer. */
const PATIENCE_MS = 20_000;

/**
 * The real kube-proxy as it starts on a node, and ends once the node is set up (`--init-only`). It asks the API
 * server for its Node, and waits for the answer for as long as it takes; so it is given one.
 *
 * nftables mode, since starting in iptables mode clears the node of what nftables mode has programmed.
 *
 * @throws Error with its last words where it fails
 */
export async function startKubeProxy(
  program: string,
  node: { readonly name: string; readonly namespace: NetNamespace },
  conntrack: ConntrackConfig,
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
  try {
    const { failed, timedOut, stderr } = await node.namespace.within(() => ({
      ended: execa(program, ['--init-only', '--config', `${FOLDER}/config`], {
        reject: false,
        timeout: PATIENCE_MS,
      }),
    })).ended;
    if (timedOut) throw new Error(`${program} did not end within ${String(PATIENCE_MS / 1000)} s`);
    if (failed) throw new Error(`${program} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  } finally {
    // It leaves a watch of its Node behind.
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

/** As much of an API server as kube-proxy needs to start: a list of this one Node, and a watch in which nothing happens. */
function nodeApi(name: string): Server {
  const list = {
    apiVersion: 'v1',
    kind: 'NodeList',
    metadata: { resourceVersion: '1' },
    items: [{ metadata: { name }, status: { addresses: [{ type: 'InternalIP', address: API.ip }] } }],
  };
  return createServer(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json');
    if (new URL(url, 'http://api').searchParams.get('watch') === 'true') response.flushHeaders();
    else response.end(JSON.stringify(list));
  });
}
