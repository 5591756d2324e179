import { describe, expect, test } from 'vitest';
import { lacksSysResource } from '../../../tools/docker-daemon/daemon.ts';
import { differences, leftBehind } from '../../../tools/docker-daemon/host.ts';

describe('what Docker left behind', () => {
  const before = {
    sysctls: { 'net.ipv4.ip_forward': '0', 'net.bridge.bridge-nf-call-iptables': '1' },
    tables: ['ip nat', 'inet mine'],
    links: ['lo', 'eth0'],
  };

  test('is what was not there before and bears a name of its own', () => {
    const now = {
      sysctls: { 'net.ipv4.ip_forward': '1', 'net.bridge.bridge-nf-call-iptables': '1' },
      tables: ['ip nat', 'ip filter', 'ip6 nat', 'inet mine', 'inet later'],
      links: ['lo', 'eth0', 'docker0', 'br-0123456789ab', 'br-lan', 'veth1'],
    };
    expect(leftBehind(before, now)).toEqual({
      tables: ['ip filter', 'ip6 nat'],
      links: ['docker0', 'br-0123456789ab'],
      sysctls: [['net.ipv4.ip_forward', '0']],
    });
    expect(differences(before, now)).toContain('net.ipv4.ip_forward is 1, it was 0');
  });

  test('is nothing where all is as before', () => {
    expect(differences(before, before)).toEqual([]);
  });

  test('is not a setting that went with its module', () => {
    expect(differences(before, { ...before, sysctls: { 'net.ipv4.ip_forward': '0' } })).toEqual([]);
  });
});

test('a bounding set tells whether CAP_SYS_RESOURCE is in it', () => {
  expect(lacksSysResource('Name:\tx\nCapBnd:\t000001fffeffffff\nCapAmb:\t0\n')).toBe(true);
  expect(lacksSysResource('Name:\tx\nCapBnd:\t000001ffffffffff\nCapAmb:\t0\n')).toBe(false);
  expect(lacksSysResource('Name:\tx\n')).toBe(false);
});
