import { expect, it } from 'vitest';
import { parseIp } from '../../../src/kernel/ipv4.ts';
import { answerOf, readAnswer, serviceId } from '../../../src/server/whoami.ts';

it('an answer says which question it is to, and which pod of which service gave it', () => {
  const question = Buffer.from([0, 0, 0, 7]);
  const pod = parseIp('10.244.1.2');
  const service = serviceId('orders');
  expect(readAnswer(answerOf(question, { service, pod }))).toEqual({ question: 7, service, pod });
  expect(serviceId('payments')).not.toBe(service);
});
