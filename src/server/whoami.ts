import { createServer } from 'node:net';
import { crc32 } from 'node:zlib';
import { parseIp } from '../kernel/ipv4.ts';
import type { NetNamespace } from '../kernel/netns.ts';
import { tcpListener, udpSocket } from '../kernel/socket.ts';
import { serveDatagrams } from './datagrams.ts';

export const QUESTION_BYTES = 4;
export const ANSWER_BYTES = 12;

/** Who answered a question. */
interface Identity {
  /** Of the service, see `serviceId`. */
  readonly service: number;
  /** The pod's own address, whichever it was asked at. */
  readonly pod: number;
}

export function serviceId(name: string): number {
  return crc32(name);
}

/** @param answer whole: ANSWER_BYTES */
export function readAnswer(answer: Buffer): Identity & { readonly question: number } {
  return { question: answer.readUInt32BE(), service: answer.readUInt32BE(4), pod: answer.readUInt32BE(8) };
}

export function answerOf(question: Buffer, { service, pod }: Identity): Buffer {
  const answer = Buffer.alloc(ANSWER_BYTES);
  question.copy(answer, 0, 0, QUESTION_BYTES);
  answer.writeUInt32BE(service, 4);
  answer.writeUInt32BE(pod, 8);
  return answer;
}

/** Answers numbered questions over TCP, at any address of the pod, and over UDP at its own. */
export function openWhoami(space: NetNamespace, service: string, ip: string, port: number): void {
  const identity = { service: serviceId(service), pod: parseIp(ip) };
  createServer((socket) => {
    let received = Buffer.alloc(0);
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (; received.length >= QUESTION_BYTES; received = received.subarray(QUESTION_BYTES))
          socket.write(answerOf(received, identity));
      });
  }).listen({ fd: tcpListener(space, '0.0.0.0', port) });
  serveDatagrams(udpSocket(space, ip, port), (question, from, send) => {
    if (question.length >= QUESTION_BYTES) send(answerOf(question, identity), from.port, from.address);
  });
}
