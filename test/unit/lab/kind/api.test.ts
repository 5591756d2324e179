import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentLink } from '../../../../src/lab/kind/outside/agents.ts';
import { Api } from '../../../../src/lab/kind/outside/api/api.ts';
import { isNotFound } from '../../../../src/lab/kind/outside/api/api-objects.ts';
import { KubeProxy } from '../../../../src/lab/kind/outside/kube-proxy.ts';
import { failureOf } from '../../failure-of.ts';

/** What a client asks for first, to know where an object of a kind is. */
const RESOURCES = JSON.stringify({
  ...{ kind: 'APIResourceList', groupVersion: 'v1' },
  resources: [{ name: 'pods', kind: 'Pod', namespaced: true, singularName: 'pod', verbs: [] }],
});

/** What the API server answers to everything else. */
let answer: { status: number; body: string };
let server: Server;
let folder: string;
let api: Api;

const refusal = (message: string): string =>
  JSON.stringify({ kind: 'Status', status: 'Failure', message, reason: 'Forbidden', code: 403 });

beforeEach(async () => {
  answer = { status: 403, body: refusal('nodes is forbidden: User "me" can’t\nlist them') };
  server = createServer(({ url }, response) => {
    const { status, body } = url === '/api/v1' ? { status: 200, body: RESOURCES } : answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  folder = mkdtempSync(join(tmpdir(), 'api-'));
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'lab' },
    clusters: [
      {
        name: 'lab',
        cluster: { server: `http://127.0.0.1:${String(port)}`, 'insecure-skip-tls-verify': true },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
    users: [{ name: 'me', user: {} }],
  };
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, JSON.stringify(config));
  api = Api.of(path);
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const soon = (): AbortSignal => AbortSignal.timeout(400);
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'ns' } };
const WORDS = 'nodes is forbidden: User "me" can’t list them';

describe('an API server that refuses', () => {
  it.each<[string, () => Promise<unknown>]>([
    ["can't create Pod ns/web", () => api.objects.create([POD])],
    ["can't apply Pod ns/web", () => api.objects.apply(POD)],
    ["can't delete Pod ns/web", () => api.objects.remove(POD, soon())],
    ["can't read Pod ns/web", () => api.objects.read(POD)],
    ["can't list the nodes", () => api.images()],
    ["can't list the services in ns", () => api.serviceAddresses('ns')],
    ["can't make the service ns/web select new", () => api.selectPods('ns', 'web', 'new')],
    ["can't read ConfigMap ns/kube-proxy", () => api.configMap('ns', 'kube-proxy')],
    ["can't change ConfigMap ns/kube-proxy", () => api.setConfigMap('ns', 'kube-proxy', {})],
    ["can't delete the namespace ns", () => api.deleteNamespace('ns', soon())],
    ["can't list the pods in ns", () => api.pods.of('ns', 'a=b')],
    ["can't list the pods in ns", () => api.pods.addresses('ns')],
    ["can't delete the pods in ns", () => api.pods.delete('ns', 'a=b', soon())],
    ["can't read the log of ns/web", () => api.pods.log('ns', 'web', 'web')],
    [
      "can't list the pods in ns",
      () => api.pods.replace({ namespace: 'ns', labelSelector: 'a' }, {}, soon()),
    ],
  ])('is quoted in one line: %s', async (what, ask) => {
    expect(await failureOf(ask())).toHaveProperty('message', `${what}: ${WORDS}`);
  });

  it('is quoted where something is awaited of it', async () => {
    expect(await failureOf(api.nodesReady(1, soon()))).toHaveProperty(
      'message',
      `1 nodes that are ready did not come (can't list the nodes: ${WORDS})`,
    );
    expect(await failureOf(api.pods.ready('ns', 1, soon()))).toHaveProperty(
      'message',
      `1 ready pods in ns did not come (can't list the pods in ns: ${WORDS})`,
    );
  });

  it('is quoted in one line where kube-proxy’s configuration can’t be restored', async () => {
    const around = { nodes: [], remember: () => Promise.resolve(), ask: () => Promise.resolve() };
    const kubeProxy = new KubeProxy({ ...around, api });
    expect(await failureOf(kubeProxy.change({ mode: 'ipvs' }))).toHaveProperty(
      'message',
      `can't read ConfigMap kube-system/kube-proxy: ${WORDS}`,
    );
  });

  it('is told by its status where it has no words', async () => {
    answer = { status: 503, body: '<html>\n<body>down</body>\n</html>' };
    expect(await failureOf(api.images())).toHaveProperty(
      'message',
      "can't list the nodes: HTTP 503 Service Unavailable",
    );
  });

  it('is told by its status where it does not let the agent be started', async () => {
    const agent = { api, namespace: 'ns', pod: 'agent-1', node: 'worker-1', command: ['/bin/node'] };
    expect(await failureOf(AgentLink.open(agent, () => undefined, soon()))).toHaveProperty(
      'message',
      "can't start the agent on worker-1: Unexpected server response: 403",
    );
  });

  it('is known to have no such object', async () => {
    answer = { status: 404, body: refusal('pods "web" not found') };
    expect(isNotFound(await failureOf(api.objects.read(POD)))).toBe(true);
    expect(await api.objects.find(POD)).toBeUndefined();
  });
});
