import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyFile, follow, librariesOf } from '../../../src/lab/kind/rootfs.ts';

describe('what ldd prints', () => {
  test('names libraries by their paths, each once', () => {
    const printed = [
      '/usr/sbin/nft:',
      '\tlinux-vdso.so.1 (0x00007ffd0a7f2000)',
      '\tlibnftables.so.1 => /lib/x86_64-linux-gnu/libnftables.so.1 (0x00007f0f7b1a0000)',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0f7afbf000)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f0f7b29c000)',
      '/usr/sbin/other:',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f10aafbf000)',
      '/usr/bin/static:',
      '\tnot a dynamic executable',
      '\tstatically linked',
    ].join('\n');
    expect(librariesOf(printed)).toEqual([
      '/lib/x86_64-linux-gnu/libnftables.so.1',
      '/lib/x86_64-linux-gnu/libc.so.6',
      '/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  test('is refused where a library is missing', () => {
    expect(() => librariesOf('\tlibz.so.1 => not found')).toThrow(
      'a library is missing: libz.so.1 => not found',
    );
  });
});

describe('copying out of a root', () => {
  let base: string;
  let from: string;
  let to: string;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'tablefull-rootfs-'));
    [from, to] = [join(base, 'from'), join(base, 'to')];
    for (const folder of ['usr/sbin', 'etc/alternatives']) mkdirSync(join(from, folder), { recursive: true });
    mkdirSync(to);
    writeFileSync(join(from, 'usr/sbin/multi'), 'program', { mode: 0o755 });
    symlinkSync('usr/sbin', join(from, 'sbin'));
    symlinkSync('/etc/alternatives/tool', join(from, 'usr/sbin/tool'));
    symlinkSync('../../usr/sbin/multi', join(from, 'etc/alternatives/tool'));
  });

  afterEach(() => {
    rmSync(base, { recursive: true });
  });

  test('links are followed within it, also absolute ones', () => {
    expect(follow(from, '/sbin/tool')).toEqual({
      links: [
        { path: '/sbin', target: 'usr/sbin' },
        { path: '/usr/sbin/tool', target: '/etc/alternatives/tool' },
        { path: '/etc/alternatives/tool', target: '../../usr/sbin/multi' },
      ],
      end: '/usr/sbin/multi',
    });
  });

  test('a file comes with the links that lead to it, and twice does no harm', () => {
    expect(copyFile(from, to, '/sbin/tool')).toBe('/usr/sbin/multi');
    expect(copyFile(from, to, '/sbin/tool')).toBe('/usr/sbin/multi');
    expect(readlinkSync(join(to, 'sbin'))).toBe('usr/sbin');
    expect(readlinkSync(join(to, 'usr/sbin/tool'))).toBe('/etc/alternatives/tool');
    expect(readFileSync(join(to, 'usr/sbin/multi'), 'utf8')).toBe('program');
    expect(lstatSync(join(to, 'usr/sbin/multi')).mode & 0o777).toBe(0o755);
  });

  test('links in a circle, and paths to nothing, are errors', () => {
    symlinkSync('b', join(from, 'a'));
    symlinkSync('a', join(from, 'b'));
    expect(() => follow(from, '/a')).toThrow('too many links: /a');
    expect(() => follow(from, '/usr/none')).toThrow('ENOENT');
  });
});
