import { describe, expect, it } from 'vitest';
import type { Done } from '../../../src/change/done.ts';
import { applyChange, type Immediate } from '../../../src/change/index.ts';
import { fakeTarget, NODES } from './fake-target.ts';

const NAME = 'net.ipv4.conf.all.rp_filter';
const SYSCTL: Immediate = { kind: 'sysctl', node: 'all', name: NAME, value: 7 };
const RULES: Immediate = { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['counter'] };

/** Nodes in memory whose sysctl is 0. */
function lab(pods = false) {
  const { target, host } = fakeTarget();
  const hosts = NODES.map((name) => host(pods ? `app-${name}` : name));
  for (const each of hosts) each.sysctls.set(NAME, '0').set('net.ipv4.tcp_fin_timeout', '0');
  const refuse = (name: string, what: RegExp): void => {
    host(name).refuse = (told) => {
      if (what.test(told)) throw new Error(`${name}: EINVAL: the kernel rejects this value`);
    };
  };
  return { target, hosts, refuse };
}

describe('a change of several nodes', () => {
  it('sets a sysctl on each of them, records it for each, and puts it back', async () => {
    const { target, hosts } = lab();
    const { readings, undo } = await applyChange(SYSCTL, target);
    expect(readings).toEqual(NODES.map((node) => ({ node, before: 0, after: 7 })));
    expect(await undo()).toEqual(NODES.map((node) => ({ node, before: 7, after: 0 })));
    expect(hosts.map(({ sysctls }) => sysctls.get(NAME))).toEqual(['0', '0', '0']);
  });

  it('leaves a sysctl on none of them where the second refuses it', async () => {
    const { target, hosts, refuse } = lab();
    refuse('worker-2', /=7$/);
    await expect(applyChange(SYSCTL, target)).rejects.toThrow('worker-2: EINVAL');
    expect(hosts.map(({ sysctls }) => sysctls.get(NAME))).toEqual(['0', '0', '0']);
  });

  it('leaves a sysctl in no pod where one pod refuses it', async () => {
    const { target, hosts, refuse } = lab(true);
    refuse('app-worker-3', /=7$/);
    const name = 'net.ipv4.tcp_fin_timeout';
    const change = { kind: 'pod-sysctl', pods: 'app', name, value: '7' } as const;
    await expect(applyChange(change, target)).rejects.toThrow('app-worker-3: EINVAL');
    expect(hosts.map(({ sysctls }) => sysctls.get(name))).toEqual(['0', '0', '0']);
  });

  it('puts rules on all of them, and takes them away', async () => {
    const { target, hosts } = lab();
    const { readings, undo } = await applyChange(RULES, target);
    expect(readings).toEqual(NODES.map((node) => ({ node, before: 'absent', after: 'present' })));
    expect(hosts.map(({ tables }) => tables.size)).toEqual([1, 1, 1]);
    await undo();
    expect(hosts.map(({ tables }) => tables.size)).toEqual([0, 0, 0]);
  });

  it('puts rules in the pods of a set, and none on their nodes', async () => {
    const { target, hosts } = lab(true);
    const { hosts: nodes } = lab();
    const rules: Immediate = { kind: 'pod-nft', pods: 'app', hook: 'input', priority: 0, rules: ['drop'] };
    const { readings, undo } = await applyChange(rules, target);
    expect(readings.map(({ node }) => node)).toEqual(NODES.map((node) => `app-${node}`));
    expect([hosts, nodes].map((all) => all.map(({ tables }) => tables.size))).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
    await undo();
    expect(hosts.map(({ tables }) => tables.size)).toEqual([0, 0, 0]);
  });

  it('leaves rules on none of them where the second refuses them', async () => {
    const { target, hosts, refuse } = lab();
    refuse('worker-2', /^table/);
    await expect(applyChange(RULES, target)).rejects.toThrow('worker-2: EINVAL');
    expect(hosts.map(({ tables }) => tables.size)).toEqual([0, 0, 0]);
  });

  it('has in its rules the spare addresses of each node, as the lab has given them out', async () => {
    const { target, hosts } = lab();
    const told: string[] = [];
    for (const host of hosts) host.refuse = (what) => told.push(what.split('\n')[0] ?? '');
    const rules = ['snat to $spare_addresses:32768-33271'];
    await applyChange({ ...RULES, kind: 'nft', type: 'nat', hook: 'postrouting', rules }, target);
    expect(told).toEqual([
      'define spare_addresses = 10.244.9.252-10.244.9.254',
      'define spare_addresses = 10.244.8.252-10.244.8.254',
      'define spare_addresses = 10.244.7.252-10.244.7.254',
    ]);
    await applyChange(RULES, target);
    expect(told.slice(3).join()).not.toContain('define');
  });

  it('leaves every nginx as it was where one does not start', async () => {
    const proxies = [0, 1].map((i) => ({
      name: `proxy-${String(i)}`,
      keepalive: 0,
      start(keepalive: number) {
        if (i === 1 && keepalive > 0) return Promise.reject(new Error('nginx ended before it was ready'));
        this.keepalive = keepalive;
        return Promise.resolve();
      },
    }));
    const acting = applyChange({ kind: 'nginx', keepalive: 16 }, fakeTarget(proxies).target);
    await expect(acting).rejects.toThrow('nginx ended before it was ready');
    expect(proxies.map(({ keepalive }) => keepalive)).toEqual([0, 0]);
  });
});

describe('a squeeze', () => {
  it('leaves as many entries free as it is told, and deletes its ballast when it is undone', async () => {
    const { target, host } = fakeTarget();
    const { readings, undo } = await applyChange({ kind: 'squeeze', node: 'worker-1', free: 120 }, target);
    expect(readings).toEqual([{ node: 'worker-1', before: { free: 1000 }, after: { free: 120 } }]);
    const raised = await applyChange({ kind: 'limit', add: 300 }, target);
    expect(raised).toMatchObject({ emulated: true });
    expect(host('worker-1').table().entries).toBe(580);
    await raised.undo();
    expect(host('worker-1').table().entries).toBe(880);
    await undo();
    expect(host('worker-1').table().entries).toBe(0);
  });
});

describe('a change of settings', () => {
  it('replaces what it names, and puts it back', async () => {
    const { target } = fakeTarget();
    const before = target.settings.get('demand');
    const { readings, undo } = await applyChange({ kind: 'load', set: { reuse: true } }, target);
    expect(readings).toEqual([{ node: 'demand', before: { reuse: false }, after: { reuse: true } }]);
    expect(target.settings.get('demand')).toEqual({ ...before, reuse: true });
    await undo();
    expect(target.settings.get('demand')).toEqual(before);
  });

  it('is refused, with the loads there are, where it names none of them', async () => {
    const { target } = fakeTarget();
    await expect(applyChange({ kind: 'load', of: 'noise', set: {} }, target)).rejects.toThrow(
      /there is no load noise: use demand/,
    );
  });
});

describe('a change that each lab makes in its own way', () => {
  it('is made in the lab’s way where it has one, also of a kind that has another', async () => {
    const { target } = fakeTarget();
    const made: unknown[] = [];
    const way = (change: unknown): Promise<Done> => {
      made.push(change);
      return Promise.resolve({ readings: [], undo: () => Promise.resolve([]) });
    };
    const ttl = { kind: 'record-ttl', seconds: 5 } as const;
    const cache = { kind: 'node-dns', notrack: true } as const;
    const byLab = { 'record-ttl': way, 'node-dns': way };
    await applyChange(ttl, { ...target, byLab });
    await applyChange(cache, { ...target, byLab });
    expect(made).toEqual([ttl, cache]);
    const { readings } = await applyChange(ttl, target);
    expect(readings).toMatchObject([{ after: { ttl: 5 } }]);
  });

  it.each([
    [{ kind: 'kube-proxy', set: {} }, 'this lab runs no kube-proxy'],
    [{ kind: 'resolver', options: ['ndots:2'] }, 'this topology has no resolver'],
    [{ kind: 'sysctl-daemonset', sysctls: {} }, 'use --lab kind'],
  ] as const)('is refused with a reason where it has none: %j', async (change, why) => {
    await expect(applyChange(change as unknown as Immediate, fakeTarget().target)).rejects.toThrow(why);
  });
});
