import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { LESSONS } from '../../../../src/workshop/lessons/index.ts';
import type { Lesson } from '../../../../src/workshop/lesson.ts';
import type { OpenLesson } from '../../../../src/workshop/open-lesson.ts';
import { NoWall } from '../../../../src/workshop/seats/jail.ts';
import { classOf, type SeatsRecord } from '../../../../src/workshop/seats/record.ts';
import { Room } from '../../../../src/workshop/seats/room.ts';
import { serve } from '../../../../src/workshop/seats/server.ts';
import type { LearnerView, RoomView } from '../../../../src/workshop/seats/view.ts';
import { NEVER } from '../../support/never.ts';

const [first] = LESSONS;
if (first === undefined) throw new Error('there is no lesson');
const lesson: Lesson = first;

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** A lab that stands, as far as a page sees it. */
function fakeLab(): OpenLesson {
  return {
    begun: { handsOn: { header: { protocol: { node: 'worker-1' } } } },
    hands: {
      ...{ pid: 0, within: ['false'], services: [] },
      places: [{ name: 'worker-1', kind: 'node', ip: '172.18.0.2' }],
    },
    failures: '1,200 of 1,800 requests answered',
    lost: NEVER,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as unknown as OpenLesson;
}

async function aClass(open: () => Promise<OpenLesson> = () => Promise.resolve(fakeLab())) {
  const kept: SeatsRecord[] = [];
  const stop = new AbortController();
  const room = new Room(
    {
      ...{ lesson, count: 2, open, atOnce: 2, say: () => undefined },
      record: classOf('full-table', 2, undefined),
      file: {
        write: (record) => {
          kept.push(record);
          return Promise.resolve();
        },
      },
      pause: () => Promise.resolve(),
    },
    stop.signal,
  );
  stack.use(room);
  const server = await serve(room, { host: '127.0.0.1', port: 0 }, { about: String, say: () => undefined });
  stack.use(server);
  const base = `http://127.0.0.1:${String(server.address.port)}`;
  await room.openAll();
  return {
    room,
    kept,
    base,
    trainer: `${base}/t/${room.trainer}`,
    seat: `${base}${room.view.seats[0]?.path ?? ''}`,
  };
}

/** Of the trainer’s page, or of a learner’s. */
type Shown = Partial<LearnerView> & Partial<RoomView>;

/** A page’s socket, and what it was sent last. */
async function pageOf(url: string): Promise<{ socket: WebSocket; view: () => Shown | undefined }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
  stack.defer(() => {
    socket.terminate();
  });
  let view: Shown | undefined;
  socket.on('message', (data: Buffer) => {
    view = JSON.parse(data.toString()) as Shown;
  });
  await once(socket, 'open');
  return { socket, view: () => view };
}

/** Sends a request as it is, over a connection whose own side stays open. */
function ask(base: string, path: string, headers: readonly string[] = []) {
  const { hostname, port } = new URL(base);
  const connection = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => {
    connection.destroy();
  });
  connection.write(`${[`GET ${path} HTTP/1.1`, 'Host: page', ...headers].join('\r\n')}\r\n\r\n`);
  return connection;
}

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];

describe('the pages of a class', () => {
  it('load nothing from elsewhere, run no script but the server’s, and are kept by nobody', async () => {
    const { trainer, seat, base } = await aClass();
    for (const url of [trainer, seat]) {
      const response = await fetch(url);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy.includes('unsafe-inline')).toBe(url === seat);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      const page = await response.text();
      expect(page).not.toMatch(/<script>|style=|onclick|https?:/);
      for (const [, path = ''] of page.matchAll(/(?:src|href)="([^"]+)"/g))
        expect([path, (await fetch(`${base}${path}`)).status]).toEqual([path, 200]);
    }
  });

  it('open by their links alone', async () => {
    const { base, trainer, seat } = await aClass();
    for (const path of [
      '/',
      '/t/',
      '/s/',
      '/t/x',
      new URL(seat).pathname.replace('/s/', '/t/'),
      '/../etc/passwd',
    ])
      expect((await fetch(base + path)).status).toBe(404);
    expect((await fetch(trainer, { method: 'POST' })).status).toBe(404);
  });

  it('refuse what is no path, and go on', async () => {
    const { base, seat } = await aClass();
    for (const path of ['//', '/\\', '//[']) {
      expect(await text(ask(base, path, ['Connection: close']))).toMatch(/^HTTP\/1.1 404 /);
      expect(await text(ask(base, path, UPGRADE))).toMatch(/^HTTP\/1.1 403 /);
    }
    expect((await fetch(seat)).status).toBe(200);
  });

  it('end although a socket that was refused stays open at its other side', async () => {
    const { base } = await aClass();
    const kept = ask(base, '/s/x/live', UPGRADE);
    expect(String(await once(kept, 'data'))).toMatch(/^HTTP\/1.1 403 /);
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  it('outlive a socket that is reset after it was refused', async () => {
    const { base, seat } = await aClass();
    const connection = ask(base, '/s/x/live', UPGRADE);
    await once(connection, 'connect');
    connection.resetAndDestroy();
    expect((await fetch(seat)).status).toBe(200);
  });

  it('show a learner nothing before the start, and the report afterwards', async () => {
    const { trainer, seat, kept } = await aClass();
    const page = await pageOf(seat);
    const desk = await pageOf(trainer);
    await vi.waitFor(() => {
      expect(page.view()).toMatchObject({ stage: 'ready', title: '', lines: [], places: [] });
    });
    page.socket.send('{"do":"hint"}');
    desk.socket.send('{"do":"start"}');
    await vi.waitFor(() => {
      expect(page.view()?.lines?.join('\n')).toContain('Measured by its users: 1,200 of 1,800');
    });
    expect(page.view()?.places).toEqual(['worker-1']);
    expect(page.view()?.lines?.join('\n')).not.toContain('hint 1');
    page.socket.send('{"do":"hint"}');
    await vi.waitFor(() => {
      expect(desk.view()?.seats?.[0]).toMatchObject({ hints: [1, lesson.hints.length], pages: 1 });
    });
    expect(kept.at(-1)?.seats[0]?.attempt.hints).toBe(1);
    expect(kept.at(-1)?.startedAt).toBeGreaterThan(0);
    // A new lab, and what was taken stays taken.
    desk.socket.send('{"do":"reset","seat":1}');
    await vi.waitFor(() => {
      expect(page.view()?.lines?.join('\n')).not.toContain('hint 1');
    });
    expect(desk.view()?.seats?.[0]?.hints).toEqual([1, lesson.hints.length]);
  });

  it('take no message that is not theirs', async () => {
    const { seat, trainer } = await aClass();
    for (const [url, message] of [
      [seat, '{"do":"start"}'],
      [seat, 'no JSON'],
      [trainer, '{"do":"reset","seat":0}'],
    ] as const) {
      const { socket } = await pageOf(url);
      socket.send(message);
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(1008);
    }
  });

  it('count no page that is gone, also after a message that is too long', async () => {
    const { room, seat, trainer } = await aClass();
    for (const url of [seat, trainer]) {
      const { socket } = await pageOf(url);
      socket.send(Buffer.alloc(1 << 17));
      await once(socket, 'close');
    }
    await vi.waitFor(() => {
      expect([room.watching, room.view.seats[0]?.pages]).toEqual([0, 0]);
    });
  });

  it('open one lab for several resets at once', async () => {
    const open = vi.fn(() => Promise.resolve(fakeLab()));
    const { room } = await aClass(open);
    const opened = open.mock.calls.length;
    await Promise.all(Array.from({ length: 5 }, () => room.take({ do: 'reset', seat: 1 })));
    expect(open).toHaveBeenCalledTimes(opened + 1);
    await room.take({ do: 'reset', seat: 1 });
    expect(open).toHaveBeenCalledTimes(opened + 2);
    expect(room.view.seats[0]?.stage).toBe('ready');
  });

  it('say why a lab does not stand, after three attempts', async () => {
    const open = vi.fn(() => Promise.reject(new Error('the lab does not break here')));
    const { room } = await aClass(open);
    expect(room.view.seats[0]).toMatchObject({ stage: 'failed', doing: 'the lab does not break here' });
    expect(open).toHaveBeenCalledTimes(6);
  });

  it('say at once that a learner’s wall can’t be made here', async () => {
    const open = vi.fn(() => Promise.reject(new NoWall('no user namespace')));
    const { room } = await aClass(open);
    expect(room.view.seats[0]).toMatchObject({ stage: 'failed', doing: 'no user namespace' });
    expect(open).toHaveBeenCalledTimes(2);
  });
});
