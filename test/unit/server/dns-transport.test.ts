import { Socket } from 'node:net';
import { streamEncode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onMessages } from '../../../src/server/dns-transport.ts';

it('a stream of DNS messages is read whole, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 90 }),
      (ids, size) => {
        const bytes = Buffer.concat(
          ids.map((id) => streamEncode({ type: 'query', id, questions: [{ type: 'A', name: 'web' }] })),
        );
        const told: Packet[] = [];
        const socket = new Socket();
        onMessages(socket, (message) => told.push(message));
        for (let at = 0; at < bytes.length; at += size) socket.emit('data', bytes.subarray(at, at + size));
        expect(told.map(({ id }) => id)).toEqual(ids);
      },
    ),
  );
});
