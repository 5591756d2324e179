import { spawn } from '@lydell/node-pty';
import type { WebSocket } from 'ws';
import { keepDescriptors } from '../../kernel/inherited.ts';
import { banner, BEGIN } from '../../lab/shell.ts';
import type { Hands, Place } from '../../lab/hands.ts';
import { jailed, jailEnvironment } from './jail.ts';
import { Keyboard } from './keyboard.ts';
import { jsonOf, terminalMessageSchema } from './view.ts';

/** Bytes that a page has not taken yet: above the first the program waits, below the second it goes on. */
const BEHIND = { wait: 1 << 20, goOn: 1 << 17 };
const SIZE = { cols: 80, rows: 24 };
/** Bytes that a program has not taken yet. Above it the socket is closed: one that waits would not notice its end. */
const AHEAD = 1 << 20;
/** A socket that is refused, as RFC 6455 names it. */
export const POLICY = 1008;
/** A socket closes with it when all is well. */
const NORMAL = 1000;

/** A shell of a learner in a page’s terminal, until either ends or the signal aborts. @returns once it has ended */
export async function openTerminal(
  socket: WebSocket,
  hands: Hands,
  place: Place,
  about: string,
  signal: AbortSignal,
): Promise<void> {
  const [file, ...args] = jailed(hands, place, ['bash', '--norc', '--noprofile']);
  const env = jailEnvironment(place);
  const pty = spawn(file, args, { ...SIZE, env, cwd: '/', name: 'xterm-256color', encoding: null });
  // The terminal’s own end, which the next seat’s shell would inherit.
  keepDescriptors();
  let behind = 0;
  const send = (data: string | Buffer): void => {
    behind += data.length;
    if (behind > BEHIND.wait) pty.pause();
    socket.send(Buffer.from(data), () => {
      behind -= data.length;
      if (behind < BEHIND.goOn) pty.resume();
    });
  };
  const lines = banner({ ...hands, about, begin: BEGIN }, place);
  send(lines.map((line) => `${line}\r\n`).join(''));
  pty.onData(send);
  const keyboard = new Keyboard(pty);
  const receive = (data: Buffer, isBinary: boolean): void => {
    if (isBinary) {
      keyboard.type(data);
      if (keyboard.behind > AHEAD) socket.close(POLICY, 'more was typed than the program takes');
    } else {
      const { success, data: size } = terminalMessageSchema.safeParse(jsonOf(data));
      if (success) keyboard.resize(size.columns, size.rows);
    }
  };
  socket.on('message', receive);
  const { promise: exited, resolve } = Promise.withResolvers<undefined>();
  pty.onExit(() => {
    // A socket that is being closed still delivers.
    socket.off('message', receive);
    keyboard.stop();
    resolve(undefined);
  });
  const end = (): void => {
    pty.kill('SIGKILL');
  };
  socket.on('close', end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await exited;
  signal.removeEventListener('abort', end);
  socket.off('close', end);
  socket.close(NORMAL, signal.aborted ? 'the lab has ended' : 'the shell is closed');
}
