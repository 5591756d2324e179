import type { Socket } from 'node:net';
import { setInterval } from 'node:timers/promises';
import type { Keepalive } from './schema.ts';
import { connectFrom } from '../../kernel/connect.ts';
import type { LoadContext } from '../context.ts';
import { curlOutcome, OPERATION_TIMEOUT } from '../curl.ts';
import type { Outcomes } from '../outcomes.ts';
import { inTurn } from '../schedule.ts';
import { timeLimit } from '../time-limit.ts';

/** A canary without an answer for this long is silent, ms. */
const PATIENCE_MS = 1000;
const BEAT = Buffer.from('beat\n');

/** Connections opened once and kept: do existing connections keep working after the table fills? */
export class Canaries {
  readonly #sockets: Socket[];
  readonly #everyMs: number;

  private constructor(sockets: Socket[], everyMs: number) {
    this.#sockets = sockets;
    this.#everyMs = everyMs;
  }

  /** @returns once every connection is established */
  static async open(
    load: Keepalive,
    context: Omit<LoadContext, 'outcomes' | 'measured' | 'random'>,
  ): Promise<Canaries> {
    const { ip, port } = context.service(load.service);
    const pods = context.pods(load.pods);
    const sockets = Array.from({ length: load.connections }, (_, i) => inTurn(pods, i)).flatMap((pod) =>
      pod.own ? [connectFrom(context.namespace(pod.name), ip, port)] : [],
    );
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve, reject) => {
            socket.once('connect', resolve).once('error', reject);
          }),
      ),
    );
    for (const socket of sockets) socket.on('error', () => undefined).setNoDelay();
    return new Canaries(sockets, load.everyMs);
  }

  /** Sends a beat on every connection each period until aborted; each must be echoed. */
  async watch(outcomes: Outcomes, slack: number, signal: AbortSignal): Promise<void> {
    const pending: Promise<void>[] = [];
    try {
      for await (const _ of setInterval(this.#everyMs, undefined, { signal })) {
        const due = outcomes.elapsed();
        for (const socket of this.#sockets) {
          outcomes.started(due);
          pending.push(
            beat(socket, PATIENCE_MS + slack).then((outcome) => {
              outcomes.ended(due, outcome);
            }),
          );
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    await Promise.all(pending);
  }
}

function beat(socket: Socket, patience: number): Promise<string> {
  return new Promise((resolve) => {
    const settle = (outcome: string): void => {
      clear();
      socket.off('data', onData).off('error', onError).off('close', onClose);
      resolve(outcome);
    };
    const onData = (): void => {
      settle('ok');
    };
    const onError = (error: Error): void => {
      settle(curlOutcome(error));
    };
    const onClose = (): void => {
      settle('(52) Empty reply from server');
    };
    const clear = timeLimit(patience, () => {
      settle(OPERATION_TIMEOUT);
    });
    if (socket.destroyed) {
      settle('(7) Failed to connect: the connection had been closed');
      return;
    }
    socket.once('data', onData).once('error', onError).once('close', onClose);
    socket.write(BEAT);
  });
}
