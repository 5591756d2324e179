import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Hands, Place } from '../../../../src/lab/hands.ts';
import { openTerminal } from '../../../../src/workshop/seats/terminal.ts';
import { stub } from '../../support/stub.ts';

const { program } = vi.hoisted(() => ({ program: { script: '' } }));
vi.mock(import('../../../../src/workshop/seats/jail.ts'), async (original) => ({
  ...(await original()),
  // Behind no wall: what is tested is the terminal.
  jailed: () => ['sh', '-c', program.script],
}));

const place: Place = { name: 'worker-1', kind: 'node', ip: '172.18.0.2' };
const hands = stub<Hands>({ pid: 0, within: ['false'], services: [], places: [place] });

/** A page’s socket that stays connected. */
class FakeSocket extends EventEmitter {
  shown = '';
  readonly closed: unknown[][] = [];

  send(data: Buffer, done: () => void): void {
    this.shown += data.toString();
    setImmediate(done);
  }

  close(...why: unknown[]): void {
    this.closed.push(why);
  }
}

function terminalOf(script: string) {
  program.script = script;
  const socket = new FakeSocket();
  const stop = new AbortController();
  const ended = openTerminal(socket as unknown as WebSocket, hands, place, '', stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return { socket, ended, type: (data: string) => socket.emit('message', Buffer.from(data), true) };
}

describe('a terminal in a page', () => {
  it('takes a paste that its program does not read yet, and keeps nobody waiting', async () => {
    const { socket, ended, type } = terminalOf('stty raw -echo; echo up; sleep 2; head -c 307200 | cksum');
    await vi.waitFor(() => {
      expect(socket.shown).toContain('up');
    });
    const from = performance.now();
    type('€'.repeat(102_400));
    await delay(10);
    expect(performance.now() - from).toBeLessThan(1000);
    await ended;
    // Of cksum over the same bytes.
    expect(socket.shown).toContain('192137573 307200');
    expect(socket.closed).toEqual([[1000, 'the shell is closed']]);
  });

  it('takes a paste at a prompt that echoes it', async () => {
    const { socket, ended, type } = terminalOf('PS1=up ENV= HISTFILE= exec bash --norc --noprofile -i');
    await vi.waitFor(() => {
      expect(socket.shown).toContain('up');
    });
    type(`: ${'x'.repeat(100)}\r`.repeat(1500));
    type('echo $((6 * 7)); exit\r');
    await ended;
    expect(socket.shown).toContain('\r42\r');
  });

  it('takes no size once its shell has ended', async () => {
    const { socket, ended } = terminalOf('exit');
    await ended;
    socket.emit('message', Buffer.from('{"columns":100,"rows":30}'), false);
    expect(socket.closed).toHaveLength(1);
  });

  it('is closed when far more is typed than its program takes', async () => {
    const { socket, type } = terminalOf('stty raw -echo; echo up; sleep 60');
    await vi.waitFor(() => {
      expect(socket.shown).toContain('up');
    });
    for (let i = 0; i < 40; i++) type('x'.repeat(1 << 15));
    expect(socket.closed[0]).toEqual([1008, 'more was typed than the program takes']);
  });
});
