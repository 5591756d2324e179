import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveServer } from '../../../../src/report/live/server.ts';

let server: LiveServer;
beforeEach(async () => {
  server = await LiveServer.open('<p>the page</p>');
});
afterEach(() => server[Symbol.asyncDispose]());

/** The status of a request for a path at the server’s address. */
function status(path: string, options: { method?: string; host?: string } = {}): Promise<number | undefined> {
  const { hostname, port, host } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, path, method: options.method, headers: { host: options.host ?? host } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end();
  });
}

/** The events that a browser gets until the server ends. */
async function events(): Promise<string> {
  const response = await fetch(`${server.url}events`);
  return response.text();
}

describe('the server of a live view', () => {
  it('has the page at its address, on loopback', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    const response = await fetch(server.url);
    expect(await response.text()).toBe('<p>the page</p>');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('refuses every other request', async () => {
    const { pathname } = new URL(server.url);
    expect(await status('/')).toBe(404);
    expect(await status('/events')).toBe(404);
    expect(await status(`/${'x'.repeat(32)}/`)).toBe(404);
    expect(await status(`${pathname}other`)).toBe(404);
    expect(await status(pathname, { method: 'POST' })).toBe(404);
    // A page elsewhere whose name leads here.
    expect(await status(pathname, { host: 'evil.example' })).toBe(404);
    expect(await status(pathname)).toBe(200);
  });

  it('has another address each time', async () => {
    await using other = await LiveServer.open('');
    expect(new URL(other.url).pathname).not.toBe(new URL(server.url).pathname);
  });

  it('sends what was sent before to who comes later, and of one key the newest', async () => {
    server.send({ kind: 'state', key: '', data: 1 });
    server.send({ kind: 'line', data: 'one\nline' });
    server.send({ kind: 'state', key: '', data: 2 });
    const told = events();
    await expect.poll(() => server.isWatched).toBe(true);
    server.send({ kind: 'verdict', key: '', data: 'over' });
    await server[Symbol.asyncDispose]();
    expect(await told).toBe(
      'event: line\ndata: "one\\nline"\n\nevent: state\ndata: 2\n\nevent: verdict\ndata: "over"\n\n',
    );
  });

  it('ends though a browser does not, and answers nobody then', async () => {
    const stuck = new AbortController();
    const response = await fetch(`${server.url}events`, { signal: stuck.signal });
    expect(response.status).toBe(200);
    await server[Symbol.asyncDispose]();
    await expect(status('/')).rejects.toThrow();
    stuck.abort();
    server = await LiveServer.open('');
  });
});
