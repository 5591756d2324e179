import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { NetNamespace } from '../../kernel/netns.ts';
import { udpSocket } from '../../kernel/socket.ts';
import type { Exchange } from './schema.ts';
import { connectFrom } from '../../kernel/connect.ts';
import type { LoadContext } from '../context.ts';
import { datagram } from '../../server/udp-sink.ts';
import { curlOutcome, OPERATION_TIMEOUT } from '../curl.ts';
import { openLoop } from '../schedule.ts';
import { timeLimit } from '../time-limit.ts';

/** The clients' ports, the same in every phase, so that a phase meets the entries of the one before. */
const FIRST_PORT = 40_000;
/** The port of the receipts for one-way datagrams, beside the client's own. */
const RECEIPTS = 10_000;
const CLOSED = '(52) Connection closed by the server';

/** A client of the echo server. */
interface Client extends Disposable {
  /** @param answered called with the outcome, if there is any */
  readonly ask: (question: number, answered: (outcome: string) => void) => void;
}

/** Numbered questions that an echo server returns. */
export async function run(load: Exchange, context: LoadContext): Promise<void> {
  const { outcomes } = context;
  const { ip, port } = context.service(load.service);
  const pods = context.pods(load.pods);
  using open = new DisposableStack();
  const clients = Array.from({ length: load.clients }, (_, i) => {
    const pod = pods[i % pods.length];
    if (pod === undefined) throw new Error(`${load.pods}: there are no such pods`);
    if (!pod.own) return undefined;
    const namespace = context.namespace(pod.name);
    const own = FIRST_PORT + i;
    return open.use(
      {
        udp: () => udpClient(namespace, own, ip, port),
        'udp-one-way': () => sender(namespace, own, ip, port),
        tcp: () => tcpClient(namespace, ip, port, load),
      }[load.protocol](),
    );
  });
  const pending: Promise<void>[] = [];
  await openLoop(
    dueTimes(load),
    () => outcomes.elapsed(),
    (i, due) => {
      const client = clients[i % clients.length];
      if (client === undefined) return;
      outcomes.started(due);
      pending.push(
        within(load.patience * 1000 + context.slack, (answered) => {
          client.ask(i, answered);
        }).then((outcome) => {
          outcomes.ended(due, outcome);
        }),
      );
    },
    context.signal,
  );
  await Promise.all(pending);
}

/** Each client asks every `everyMs`; clients take turns within `spread` of each round. */
export function dueTimes(load: Exchange): readonly number[] {
  const { clients, everyMs, after, seconds, spread = everyMs / 1000 } = load;
  const rounds = Math.floor((seconds * 1000) / everyMs);
  return Array.from(
    { length: rounds * clients },
    (_, i) => after * 1000 + Math.floor(i / clients) * everyMs + ((i % clients) * spread * 1000) / clients,
  );
}

function within(ms: number, ask: (answered: (outcome: string) => void) => void): Promise<string> {
  return new Promise((resolve) => {
    const clear = timeLimit(ms, () => {
      resolve(OPERATION_TIMEOUT);
    });
    ask((outcome) => {
      clear();
      resolve(outcome);
    });
  });
}

type Waiting = Map<number, (outcome: string) => void>;

/** A bound, unconnected socket, like a statsd client's: ICMP errors do not reach it. */
function udpClient(
  pod: NetNamespace,
  own: number,
  host: string,
  port: number,
): Client & { readonly expect: Client['ask'] } {
  const waiting: Waiting = new Map();
  const socket = createSocket('udp4', (message) => {
    const question = message.readUInt32BE();
    waiting.get(question)?.('ok');
    waiting.delete(question);
  });
  socket.bind({ fd: udpSocket(pod, '0.0.0.0', own) });
  const expect: Client['ask'] = (question, answered) => {
    waiting.set(question, answered);
  };
  return {
    expect,
    ask: (question, answered) => {
      expect(question, answered);
      socket.send(numbered(question), port, host, (error) => {
        if (error !== null) answered(curlOutcome(error));
      });
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** A client that gets no answer in its flow: a second socket takes the sink's receipts. */
function sender(pod: NetNamespace, own: number, host: string, port: number): Client {
  const receipts = udpClient(pod, own + RECEIPTS, host, port);
  const socket = createSocket('udp4');
  socket.bind({ fd: udpSocket(pod, '0.0.0.0', own) });
  return {
    ask: (question, answered) => {
      receipts.expect(question, answered);
      socket.send(datagram(question, own + RECEIPTS), port, host, (error) => {
        if (error !== null) answered(curlOutcome(error));
      });
    },
    [Symbol.dispose]: () => {
      socket.close();
      receipts[Symbol.dispose]();
    },
  };
}

/** A connection kept until somebody closes it; without news the client keeps waiting. */
function tcpClient(
  pod: NetNamespace,
  host: string,
  port: number,
  { tcpKeepalive, userTimeout }: Exchange,
): Client {
  let current: { socket: Socket; waiting: Waiting } | undefined;
  const open = (): { socket: Socket; waiting: Waiting } => {
    const waiting: Waiting = new Map();
    const socket = connectFrom(pod, host, port, {
      ...(userTimeout !== undefined && { userTimeoutMs: userTimeout * 1000 }),
    }).setNoDelay();
    if (tcpKeepalive !== undefined) socket.setKeepAlive(true, tcpKeepalive * 1000);
    const ended = (outcome: string): void => {
      for (const answered of waiting.values()) answered(outcome);
      waiting.clear();
      if (current?.socket === socket) current = undefined;
    };
    let received = Buffer.alloc(0);
    socket
      .on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (; received.length >= 4; received = received.subarray(4)) {
          const question = received.readUInt32BE();
          waiting.get(question)?.('ok');
          waiting.delete(question);
        }
      })
      .once('error', (error) => {
        ended(curlOutcome(error));
      })
      .once('close', () => {
        ended(CLOSED);
      });
    return { socket, waiting };
  };
  return {
    ask: (question, answered) => {
      current ??= open();
      current.waiting.set(question, answered);
      current.socket.write(numbered(question));
    },
    // Reset, not closed: a FIN to a removed pod would be retransmitted.
    [Symbol.dispose]: () => current?.socket.resetAndDestroy(),
  };
}

function numbered(question: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(question);
  return buffer;
}
