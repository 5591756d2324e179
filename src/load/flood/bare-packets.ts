import { buildTcp, buildUdp } from '../../kernel/packet.ts';

/** An address and a port. */
export interface End {
  readonly ip: string;
  readonly port: number;
}

/** The end that a batch writes for each packet. */
export const ANYONE: End = { ip: '0.0.0.0', port: 0 };

const WINDOW = 65_535;
const NOTHING = Buffer.alloc(0);

/** A segment without data. */
export function bareSegment(from: End, to: End, flags: number, seq: number, ack: number): Buffer {
  return buildTcp({ ...between(from, to), flags, seq, ack, window: WINDOW, payload: NOTHING });
}

/** A datagram without data. */
export function bareDatagram(from: End, to: End): Buffer {
  return buildUdp({ ...between(from, to), payload: NOTHING });
}

function between(from: End, to: End) {
  return { source: from.ip, sourcePort: from.port, destination: to.ip, destinationPort: to.port };
}
