import { z } from 'zod';
import { count, milliseconds, moment, seconds } from '../../util/bounds.ts';
import { podSet, service } from '../fields.ts';

export const exchangeSchema = z
  .strictObject({
    kind: z.literal('exchange'),
    pods: podSet,
    service,
    protocol: z
      .enum(['udp', 'tcp', 'udp-one-way'])
      .describe(
        'The clients’ protocol. A TCP client reconnects only once its connection is closed. `udp-one-way`: datagrams to a `udp-sink`; answered if it arrived.',
      ),
    clients: count.describe('Clients, each with its own port for the whole phase.'),
    everyMs: milliseconds('The time between two questions of one client.'),
    spread: seconds(
      'The time within which all clients ask, in each round: a pause follows. Default: `everyMs`.',
    ).optional(),
    after: moment('When the clients begin to ask, since the phase began.').prefault('0s'),
    seconds: seconds('How long they ask.'),
    patience: seconds('An answer that takes longer counts as failed.'),
    connect: z
      .enum(['once', 'each'])
      .default('once')
      .describe(
        'Whether a TCP client keeps its connection, or connects for each question and resets the connection once that is answered or given up. Of `udp-one-way`: whether it keeps its port, or has another for each datagram.',
      ),
    ownPort: z
      .boolean()
      .default(false)
      .describe(
        'A TCP client connects from the same port each time, as one that binds it or has few. Default: the kernel chooses.',
      ),
    halfClose: z
      .boolean()
      .default(false)
      .describe(
        'A TCP client shuts down its sending half (FIN) once it has asked, and waits for the answer. Needs `connect: each`.',
      ),
    tcpKeepalive: seconds(
      'SO_KEEPALIVE of TCP clients: a connection this long without data is probed, every second from then on. Whole seconds. Default: no probes.',
    )
      .refine(Number.isInteger, 'the kernel takes whole seconds')
      .optional(),
    userTimeout: seconds(
      'TCP_USER_TIMEOUT of TCP clients: a connection whose data is unacknowledged for this long is closed. Default: tcp_retries2 decides, after some 15 minutes.',
    ).optional(),
  })
  .refine(({ connect, halfClose }) => !halfClose || connect === 'each', {
    path: ['halfClose'],
    message: 'a half-closed connection takes no second question; add connect: each',
  })
  .describe('clients that ask repeatedly from the same port, or on the same connection');

export type Exchange = z.infer<typeof exchangeSchema>;

/** How many intervals fit into a time. A stretched load's seconds may be a rounding error short of the last. */
export function rounds(seconds: number, everyMs: number): number {
  return Math.floor((seconds * 1000) / everyMs + 1e-6);
}
