import { once } from 'node:events';
import { expect, it } from 'vitest';
import { nodeApi } from '../../../src/server/kube-api.ts';

/** What the API server says first, up to so many lines. */
async function said(path: string, lines: number): Promise<readonly unknown[]> {
  const api = nodeApi('worker-1').listen(0, '127.0.0.1');
  await once(api, 'listening');
  const address = api.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const stop = new AbortController();
  try {
    const { body } = await fetch(`http://127.0.0.1:${String(port)}${path}`, { signal: stop.signal });
    if (body === null) throw new Error('no body');
    let text = '';
    for await (const chunk of body) {
      text += new TextDecoder().decode(chunk as Uint8Array);
      if (text.split('\n').filter((line) => line !== '').length >= lines) break;
    }
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } finally {
    stop.abort();
    api.closeAllConnections();
    api.close();
  }
}

it('kube-proxy gets its Node as a list', async () => {
  expect(await said('/api/v1/nodes', 1)).toMatchObject([
    { kind: 'NodeList', items: [{ metadata: { name: 'worker-1' } }] },
  ]);
});

it('an older one gets it by its name', async () => {
  const [node] = await said('/api/v1/nodes/worker-1', 1);
  expect(node).toMatchObject({ kind: 'Node', status: { addresses: [{ type: 'InternalIP' }] } });
});

it('a newer one gets it as the first event of a watch, and a bookmark that ends them', async () => {
  expect(
    await said('/api/v1/nodes?watch=true&sendInitialEvents=true&allowWatchBookmarks=true', 2),
  ).toMatchObject([
    { type: 'ADDED', object: { metadata: { name: 'worker-1' } } },
    { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
  ]);
});
