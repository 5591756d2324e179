import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStat } from '../../../src/kernel/counters.ts';
import { parseRecord } from '../../../src/kernel/kmsg.ts';
import { attribute, be32, message, nest, readError, u8 } from '../../../src/kernel/netlink.ts';
import { readSysctl, writeSysctl } from '../../../src/kernel/sysctl.ts';
import { recv, socket } from '../../../src/kernel/libc.ts';
import { CONNTRACK_COUNTERS } from '../../../src/schema/history.ts';

const MODERN =
  'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart';
const OLD =
  'entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart';

describe('The conntrack counters', () => {
  it('are summed over the CPUs, by the names of a kernel of today', () => {
    const text = `${MODERN}
00000200  00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008 00000009 0000000a 0000000b 0000000c  0000000d 0000000e 0000000f 00000010
00000200  00000010 00000020 00000030 00000040 00000050 00000060 00000070 00000080 00000090 000000a0 000000b0 000000c0  000000d0 000000e0 000000f0 00000100
`;
    expect(parseStat(text)).toEqual({
      found: 0x22,
      invalid: 0x44,
      insert: 0x88,
      insert_failed: 0x99,
      drop: 0xaa,
      early_drop: 0xbb,
      error: 0xcc,
      search_restart: 0x110,
      clash_resolve: 0x11,
      chaintoolong: 0x77,
    });
  });

  it('leave 0 what an old kernel does not count, rather than reading the column that stood there', () => {
    const row = Array.from({ length: 17 }, () => '00000001').join(' ');
    expect(parseStat(`${OLD}\n${row}\n`)).toMatchObject({
      clash_resolve: 0,
      chaintoolong: 0,
      drop: 1,
      search_restart: 1,
    });
  });

  it('are each the sum of one column, whatever the order of the columns', () => {
    const columns = MODERN.split(/\s+/).slice(1);
    const cpus = fc.array(
      fc.array(fc.nat(0xffffffff), { minLength: columns.length, maxLength: columns.length }),
      { maxLength: 64 },
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(columns, { minLength: columns.length }), cpus, (order, rows) => {
        const lines = rows.map((row) => ['0', ...row.map((n) => n.toString(16).padStart(8, '0'))].join(' '));
        const got = parseStat([['entries', ...order].join('  '), ...lines].join('\n'));
        expect(Object.keys(got)).toEqual([...CONNTRACK_COUNTERS]);
        expect(got.drop).toBe(rows.reduce((sum, row) => sum + (row[order.indexOf('drop')] ?? 0), 0));
      }),
    );
  });

  it('are not read from a text that has no header', () => {
    expect(() => parseStat('')).toThrow('the header row is missing');
  });
});

describe('A line of the kernel log', () => {
  it('reads as dmesg prints it', () => {
    const record =
      '4,1234,98765432,-;nf_conntrack: nf_conntrack: table full in netns 4026532201, dropping packet\n';
    expect(parseRecord(record)).toBe(
      '[   98.765432] nf_conntrack: nf_conntrack: table full in netns 4026532201, dropping packet',
    );
  });

  it('may hold semicolons, and is given without the device that it is about', () => {
    expect(parseRecord('6,1,5,c,caller=T1;a; b\n SUBSYSTEM=net\n DEVICE=n1\n')).toBe('[    0.000005] a; b');
  });
});

describe('A netlink message', () => {
  it('has attributes padded to four bytes, with their own lengths in them', () => {
    expect(attribute(1, u8(6)).toString('hex')).toBe('0500010006000000');
    expect(nest(2, attribute(8, be32(7))).toString('hex')).toBe('0c000280' + '08000800' + '00000007');
  });

  it('begins with its length, type and flags', () => {
    expect(message(0x102, 5, attribute(8, be32(7))).toString('hex')).toBe(
      '1c000000' + '0201' + '0500' + '00000000'.repeat(2) + '02000000' + '0800080000000007',
    );
  });

  it('that is an error names errno and the message it answers', () => {
    const answer = Buffer.alloc(36);
    answer.writeUInt16LE(2, 4);
    answer.writeUInt32LE(4711, 8);
    answer.writeInt32LE(-12, 16);
    expect(readError(answer)).toEqual({ errno: 12, sequence: 4711 });
  });
});

describe('A sysctl', () => {
  it('is read by its dotted name, numbers separated by single spaces', () => {
    expect(readSysctl('kernel.ostype')).toBe('Linux');
    expect(readSysctl('net.ipv4.ip_local_port_range')).toMatch(/^\d+ \d+$/);
  });

  it('that does not exist is named in one line, and is not created', () => {
    expect(() => readSysctl('net.nothing')).toThrow(/^read net\.nothing: ENOENT: .*module/);
    expect(() => writeSysctl('net.nothing', '1')).toThrow(/^set net\.nothing to 1: (ENOENT|EACCES|EROFS): /);
  });

  it('that nobody may write says so', () => {
    expect(() => writeSysctl('kernel.ostype', 'Plan9')).toThrow(
      /^set kernel\.ostype to Plan9: (EACCES|EPERM|EROFS): /,
    );
  });
});

describe('A system call that fails', () => {
  it('throws the name of the call and of the error', () => {
    expect(() => socket(99, 1, 0)).toThrow(
      expect.objectContaining({ code: 'EAFNOSUPPORT', syscall: 'socket' }),
    );
    expect(() => recv(-1, Buffer.alloc(1))).toThrow('recv: bad file descriptor (EBADF)');
  });
});
