import { createSocket, type Socket as Datagrams } from 'node:dgram';
import type { Socket } from 'node:net';
import { connectFrom } from '../../kernel/connect.ts';
import type { Namespace } from '../../kernel/netns.ts';
import { udpSocket } from '../../kernel/socket.ts';
import { datagram } from '../../server/udp-sink.ts';
import { ANSWER_BYTES, QUESTION_BYTES, readAnswer, serviceId } from '../../server/whoami.ts';
import type { LoadService } from '../context.ts';
import { curlOutcome, OPERATION_TIMEOUT } from '../curl.ts';
import type { Exchange } from './schema.ts';

const CLOSED = '(52) Connection closed by the server';
/** A pod of another service answered. */
const MISDELIVERED = 'misdelivered';
/** Another pod of the service answered than the first that answered this UDP client. */
const MOVED = 'moved';
/** The port of the receipts for one-way datagrams, beside the client's own. */
const RECEIPTS = 10_000;

/** A client of a server that answers numbered questions. */
export interface Client extends Disposable {
  /** @param answered called with the outcome, if there is any */
  readonly ask: (question: number, answered: (outcome: string) => void) => void;
  /** Nobody waits for this answer any more. */
  readonly giveUp?: (question: number) => void;
}

/** Where a client is, whom it asks and how. */
export interface Asking {
  readonly pod: Namespace;
  /** The client's own port. */
  readonly own: number;
  readonly service: Pick<LoadService, 'ip' | 'port' | 'app'>;
  readonly load: Exchange;
}

export function openClient(asking: Asking): Client {
  switch (asking.load.protocol) {
    case 'udp':
      return udpClient(asking);
    case 'udp-one-way':
      return sender(asking);
    case 'tcp':
      return tcpClient(asking);
  }
}

type Waiting = Map<number, (outcome: string) => void>;

/** Calls who waits for each whole answer. @returns the bytes after the last one */
function settle(
  received: Buffer,
  waiting: Waiting,
  { service: { app } }: Asking,
  outcomeOf: (answer: Buffer) => string,
): Buffer {
  const bytes = app === 'whoami' ? ANSWER_BYTES : QUESTION_BYTES;
  let rest = received;
  for (; rest.length >= bytes; rest = rest.subarray(bytes)) {
    const question = rest.readUInt32BE();
    waiting.get(question)?.(app === 'whoami' ? outcomeOf(rest) : 'ok');
    waiting.delete(question);
  }
  return rest;
}

/** The outcome of an answer of a `whoami`. */
function whoAnswered(answer: Buffer, { load }: Asking): string {
  return readAnswer(answer).service === serviceId(load.service) ? 'ok' : MISDELIVERED;
}

/** A bound, unconnected socket, like a statsd client's: ICMP errors do not reach it. */
function udpClient(asking: Asking): Client & { readonly expect: Client['ask'] } {
  const { pod, own, service } = asking;
  const waiting: Waiting = new Map();
  let first: number | undefined;
  const outcomeOf = (answer: Buffer): string => {
    const { pod: answered } = readAnswer(answer);
    first ??= answered;
    const outcome = whoAnswered(answer, asking);
    return outcome === 'ok' && answered !== first ? MOVED : outcome;
  };
  const socket = createSocket('udp4', (message) => {
    settle(message, waiting, asking, outcomeOf);
  });
  socket.bind({ fd: udpSocket(pod, '0.0.0.0', own) });
  const expect: Client['ask'] = (question, answered) => {
    waiting.set(question, answered);
  };
  return {
    expect,
    ask: (question, answered) => {
      expect(question, answered);
      socket.send(numbered(question), service.port, service.ip, (error) => {
        if (error !== null) answered(curlOutcome(error));
      });
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** A client that gets no answer in its flow: a second socket takes the sink's receipts. */
function sender(asking: Asking): Client {
  const { pod, own, service, load } = asking;
  const receipts = udpClient({ ...asking, own: own + RECEIPTS });
  const bound = (port: number): Datagrams =>
    createSocket('udp4').bind({ fd: udpSocket(pod, '0.0.0.0', port) });
  const kept = load.connect === 'once' ? bound(own) : undefined;
  return {
    ask: (question, answered) => {
      receipts.expect(question, answered);
      const socket = kept ?? bound(0);
      socket.send(datagram(question, own + RECEIPTS), service.port, service.ip, (error) => {
        if (error !== null) answered(curlOutcome(error));
        if (socket !== kept) socket.close();
      });
    },
    [Symbol.dispose]: () => {
      kept?.close();
      receipts[Symbol.dispose]();
    },
  };
}

interface Connection {
  readonly socket: Socket;
  readonly waiting: Waiting;
}

/** Keeps its connection until somebody closes it, or connects for each question. */
function tcpClient(asking: Asking): Client {
  const { pod, own, service, load } = asking;
  const { tcpKeepalive, userTimeout, connect, ownPort, halfClose } = load;
  let current: Connection | undefined;
  const leave = (): void => {
    if (current === undefined) return;
    const { socket, waiting } = current;
    current = undefined;
    // Nobody closed the connection but the client itself.
    for (const answered of waiting.values()) answered(OPERATION_TIMEOUT);
    waiting.clear();
    abort(socket);
  };
  const open = (): Connection => {
    const waiting: Waiting = new Map();
    const socket = connectFrom(pod, service.ip, service.port, {
      allowHalfOpen: halfClose,
      ...(userTimeout !== undefined && { userTimeoutMs: userTimeout * 1000 }),
      ...(ownPort && { from: own }),
    }).setNoDelay();
    if (tcpKeepalive !== undefined) socket.setKeepAlive(true, tcpKeepalive * 1000);
    const ended = (outcome: string): void => {
      for (const answered of waiting.values()) answered(outcome);
      waiting.clear();
      if (current?.socket === socket) current = undefined;
    };
    let received: Buffer = Buffer.alloc(0);
    socket
      .on('data', (chunk) => {
        received = settle(Buffer.concat([received, chunk]), waiting, asking, (answer) =>
          whoAnswered(answer, asking),
        );
        if (connect === 'each' && waiting.size === 0 && current?.socket === socket) leave();
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
      if (connect === 'each') leave();
      current ??= open();
      current.waiting.set(question, answered);
      if (halfClose) current.socket.end(numbered(question));
      else current.socket.write(numbered(question));
    },
    ...(connect === 'each' && {
      giveUp: (question) => {
        if (current?.waiting.has(question) === true) leave();
      },
    }),
    // Reset, not closed: a FIN to a removed pod would be retransmitted.
    [Symbol.dispose]: leave,
  };
}

/** Node would reset a connection that is not made yet once it is. One that is half-closed needs no reset. */
function abort(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function numbered(question: number): Buffer {
  const buffer = Buffer.alloc(QUESTION_BYTES);
  buffer.writeUInt32BE(question);
  return buffer;
}
