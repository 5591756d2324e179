import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBatch } from '../../../src/kernel/batch.ts';
import { formatIp, parseIp } from '../../../src/kernel/ipv4.ts';
import {
  buildTcp,
  buildUdp,
  checksum,
  parseTcp,
  TCP,
  transportChecksum,
} from '../../../src/kernel/packet.ts';

const ip = fc.nat(0xffffffff).map(formatIp);
const port = fc.nat(0xffff);
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const ends = { source: ip, sourcePort: port, destination: ip, destinationPort: port, payload };
const uint32 = fc.nat(0xffffffff);
const segment = fc.record({ ...ends, seq: uint32, ack: uint32, flags: fc.nat(0x3f), window: fc.nat(0xffff) });
const datagram = fc.record(ends);

describe('An IPv4 address', () => {
  it('is the same after a round trip through its number', () => {
    fc.assert(fc.property(uint32, (number) => parseIp(formatIp(number)) === number));
  });

  it.each(['10.0.0', '10.0.0.256', '10.0.0.x', '', '1.2.3.4.5', '0x1.2.3.4'])(
    'is not %j, and the error says so',
    (text) => {
      expect(() => parseIp(text)).toThrow('is not an IPv4 address');
    },
  );
});

describe('A packet that was built', () => {
  it('says after parsing what went into it, TCP', () => {
    fc.assert(
      fc.property(segment, (given) => {
        expect(parseTcp(buildTcp(given))).toEqual(given);
      }),
    );
  });

  it('says after parsing what went into it, UDP', () => {
    fc.assert(
      fc.property(datagram, (given) => {
        const packet = buildUdp(given);
        expect({
          source: formatIp(packet.readUInt32BE(12)),
          sourcePort: packet.readUInt16BE(20),
          destination: formatIp(packet.readUInt32BE(16)),
          destinationPort: packet.readUInt16BE(22),
          payload: packet.subarray(28, 20 + packet.readUInt16BE(24)),
        }).toEqual(given);
      }),
    );
  });

  it('has checksums that verify', () => {
    fc.assert(
      fc.property(segment, datagram, (given, other) => {
        for (const packet of [buildTcp(given), buildUdp(other)]) {
          expect(checksum(packet.subarray(0, 20))).toBe(0);
          expect(transportChecksum(packet)).toBe(0);
        }
      }),
    );
  });

  it('never has 0 as its UDP checksum, which would mean that there is none', () => {
    // The sum of this packet's words is 0xffff: addresses and ports of 0, protocol 17, length 8 + 2 twice.
    const zeros = { source: '0.0.0.0', sourcePort: 0, destination: '0.0.0.0', destinationPort: 0 };
    const packet = buildUdp({ ...zeros, payload: Buffer.from([0xff, 0xff - 17 - 10 - 10]) });
    expect(packet.readUInt16BE(26)).toBe(0xffff);
  });

  it('has the checksum of RFC 1071, section 3, and counts an odd last byte as if a zero followed', () => {
    expect(checksum(Buffer.from('0001f203f4f5f6f7', 'hex'))).toBe(~0xddf2 & 0xffff);
    expect(checksum(Buffer.from('0001f203f4f5f6', 'hex'))).toBe(~0xdcfb & 0xffff);
  });
});

describe('Bytes that are no such packet', () => {
  const syn = {
    source: '10.0.0.1',
    sourcePort: 1,
    destination: '10.0.0.2',
    destinationPort: 2,
    seq: 0,
    ack: 0,
    flags: TCP.SYN,
    window: 0,
  };
  const whole = buildTcp({ ...syn, payload: Buffer.from('hello') });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a packet cut off', whole.subarray(0, 30)],
    ['a packet shorter than it says', whole.subarray(0, 43)],
    ['IPv6', Buffer.concat([Buffer.from([0x65]), whole.subarray(1)])],
    ['UDP', buildUdp({ ...syn, payload: Buffer.alloc(40) })],
  ])('are refused: %s', (_, bytes) => {
    expect(() => parseTcp(bytes)).toThrow('not an IPv4 packet');
  });

  it('may follow a packet: link padding is not its payload', () => {
    expect(parseTcp(Buffer.concat([whole, Buffer.alloc(6)])).payload.toString()).toBe('hello');
  });

  it('may be IP and TCP options, which are passed over', () => {
    const options = Buffer.concat([
      whole.subarray(0, 20),
      Buffer.alloc(4, 1),
      whole.subarray(20, 40),
      Buffer.alloc(4, 1),
      whole.subarray(40),
    ]);
    options.writeUInt8(0x46, 0);
    options.writeUInt16BE(options.length, 2);
    options.writeUInt8(6 << 4, 36);
    expect(parseTcp(options)).toMatchObject({
      sourcePort: 1,
      destinationPort: 2,
      payload: Buffer.from('hello'),
    });
  });
});

describe('A copy in a batch', () => {
  const nobody = { ip: '0.0.0.0', port: 0 };

  it('is the packet that would have been built for its end, checksum and all', () => {
    fc.assert(
      fc.property(
        segment,
        ip,
        port,
        fc.constantFrom('source', 'destination'),
        (given, address, atPort, end) => {
          const at = (from: typeof nobody) => ({ ...given, [end]: from.ip, [`${end}Port`]: from.port });
          const batch = new PacketBatch(buildTcp(at(nobody)), end, 2);
          batch.set(1, 0xffffffff, 0xffff); // a slot keeps nothing of its previous packet
          batch.set(1, parseIp(address), atPort);
          expect(parseTcp(batch.packet(1))).toEqual(at({ ip: address, port: atPort }));
          expect(transportChecksum(batch.packet(1))).toBe(0);
        },
      ),
    );
  });
});
