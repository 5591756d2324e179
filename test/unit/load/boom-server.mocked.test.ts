import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import type * as Connect from '../../../src/kernel/connect.ts';
import { run } from '../../../src/load/boom-server/run.ts';
import { boomServerSchema } from '../../../src/load/boom-server/schema.ts';
import type { LoadContext } from '../../../src/load/context.ts';

// A client's sockets, which connect when the test says so, and the pod's raw sockets.
const sockets: PassThrough[] = [];
vi.mock('../../../src/kernel/connect.ts', () => ({
  connectFrom: (): ReturnType<typeof Connect.connectFrom> => {
    const socket = Object.assign(new PassThrough(), { localPort: 40_000, resetAndDestroy: () => undefined });
    sockets.push(socket);
    return socket as unknown as ReturnType<typeof Connect.connectFrom>;
  },
}));
const sent: string[] = [];
vi.mock('../../../src/server/forger.ts', () => ({
  Forger: class {
    #isOpen = true;
    send({ address }: { readonly address: string }, segment: string): void {
      if (!this.#isOpen) throw new Error('recv: bad file descriptor (EBADF)');
      sent.push(`${segment} to ${address}`);
    }
    [Symbol.dispose](): void {
      this.#isOpen = false;
    }
  },
}));

it('a client that forges forges no more once its load is stopped, though a connection opens after that', async () => {
  const stop = new AbortController();
  let elapsed = 0;
  const context = {
    service: () => ({ ip: '10.96.1.1', port: 80 }),
    pods: () => [{ name: 'client-0', own: true }],
    namespace: () => ({}),
    outcomes: { elapsed: () => elapsed, started: () => undefined, ended: () => undefined },
    slack: 0,
    random: () => 0,
    signal: stop.signal,
  } as unknown as LoadContext;
  const load = boomServerSchema.parse({
    ...{ kind: 'boom-server', pods: 'client', service: 'app', connections: 3, seconds: 30, patience: 0.01 },
    ...{ segment: 'above', forgedBy: 'client' },
  });
  elapsed = 15_000;
  const running = run(load, context);
  expect(sockets).toHaveLength(2);
  sockets[0]?.emit('connect');
  stop.abort(new Error('stopped'));
  await expect(running).rejects.toThrow();
  expect(() => sockets[1]?.emit('connect')).not.toThrow();
  expect(sent).toEqual(['above to 10.96.1.1']);
});
