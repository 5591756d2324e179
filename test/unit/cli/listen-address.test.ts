import { describe, expect, it } from 'vitest';
import { listenAddress } from '../../../src/cli/options/values.ts';

describe('--listen', () => {
  it.each([
    ['0.0.0.0', { host: '0.0.0.0', port: 8040 }],
    [':9000', { host: '127.0.0.1', port: 9000 }],
    ['192.168.1.5:81', { host: '192.168.1.5', port: 81 }],
    ['[::1]:81', { host: '::1', port: 81 }],
    ['classroom.example', { host: 'classroom.example', port: 8040 }],
  ])('%s', (text, expected) => {
    expect(listenAddress(text)).toEqual(expected);
  });

  it.each(['', ':', 'a:b', '1.2.3.4:70000', '::1'])('refuses %j', (text) => {
    expect(() => listenAddress(text)).toThrow('Give ADDRESS, :PORT or ADDRESS:PORT');
  });
});
