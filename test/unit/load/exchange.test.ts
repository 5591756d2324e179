import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openClient } from '../../../src/load/exchange/clients.ts';
import { exchangeSchema } from '../../../src/load/exchange/schema.ts';
import { answerOf, serviceId } from '../../../src/server/whoami.ts';
import { HERE } from '../support/here.ts';

it('a UDP client tells that another pod answers than the first, or one of another service', async () => {
  const identities = [
    { service: serviceId('web'), pod: 1 },
    { service: serviceId('web'), pod: 1 },
    { service: serviceId('web'), pod: 2 },
    { service: serviceId('other'), pod: 3 },
  ];
  const server = createSocket('udp4', (question, { port, address }) => {
    const identity = identities[question.readUInt32BE()];
    if (identity !== undefined) server.send(answerOf(question, identity), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const load = exchangeSchema.parse({
    kind: 'exchange',
    pods: 'client',
    service: 'web',
    protocol: 'udp',
    clients: 1,
    everyMs: 100,
    seconds: 1,
    patience: '1s',
  });
  const service = { ip: '127.0.0.1', port: server.address().port, app: 'whoami' } as const;
  try {
    using client = openClient({ pod: HERE, own: 0, service, load });
    const outcomes: string[] = [];
    for (const question of identities.keys())
      outcomes.push(
        await new Promise<string>((resolve) => {
          client.ask(question, resolve);
        }),
      );
    expect(outcomes).toEqual(['ok', 'ok', 'moved', 'misdelivered']);
  } finally {
    server.close();
  }
});
