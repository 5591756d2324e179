import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetNamespace } from '../../src/kernel/netns.ts';
import { applyChange, type Instant, type Target } from '../../src/agent/changes.ts';
import type { Spaces } from '../../src/agent/spaces.ts';

/** A kernel in memory: the sysctls and nftables tables of each namespace. */
const kernel = vi.hoisted(() => ({
  /** By namespace, what nft was told last. */
  rules: new Map<string, string>(),
  sysctls: new Map<string, string>(),
  tables: new Map<string, Set<string>>(),
  /** Namespaces that refuse the value, and whose rules. */
  refusing: new Set<string>(),
  current: '',
}));

vi.mock('../../src/kernel/sysctl.ts', () => ({
  readSysctl: () => kernel.sysctls.get(kernel.current) ?? '',
  writeSysctl: (_: string, value: string) => {
    if (kernel.refusing.has(kernel.current) && value !== '0')
      throw new Error(`${kernel.current}: EINVAL: the kernel does not take this value`);
    kernel.sysctls.set(kernel.current, value);
    return value;
  },
}));

vi.mock('../../src/kernel/nft.ts', () => ({
  hasNftTable: ({ path }: NetNamespace, name: string) => Promise.resolve(kernel.tables.get(path)?.has(name)),
  nft: ({ path }: NetNamespace, text: string) => {
    const [, name = ''] = /table ip (\S+)/.exec(text) ?? [];
    if (text.startsWith('delete')) kernel.tables.get(path)?.delete(name);
    else if (kernel.refusing.has(path)) return Promise.reject(new Error(`${path}: nft: syntax error`));
    else {
      kernel.tables.get(path)?.add(name);
      kernel.rules.set(path, text);
    }
    return Promise.resolve();
  },
}));

const NODES = ['worker-1', 'worker-2', 'worker-3'];

function spaceOf(path: string): NetNamespace {
  const within = <T>(work: () => T): T => {
    kernel.current = path;
    return work();
  };
  return { path, within } as unknown as NetNamespace;
}

function target(): Target {
  const spaces = { get: spaceOf } as unknown as Spaces;
  const pods = NODES.map((node) => ({ name: `app-${node}`, set: 'app', node, ip: '', link: 'pod0' }));
  // As a cluster's controller gives them out: not in the order of the scenario's nodes.
  const nodes = NODES.map((name, i) => ({ name, ip: '', podCidr: `10.244.${String(9 - i)}.0/24` }));
  return { nodes: NODES, pods, network: { nodes, pods, services: [] }, spaces } as unknown as Target;
}

const SYSCTL: Instant = { kind: 'sysctl', node: 'all', name: 'net.ipv4.conf.all.rp_filter', value: 7 };
const RULES: Instant = { kind: 'nft', node: 'all', hook: 'forward', priority: 0, rules: ['counter'] };

beforeEach(() => {
  kernel.refusing.clear();
  kernel.sysctls.clear();
  kernel.tables.clear();
  for (const name of NODES) {
    kernel.sysctls.set(name, '0').set(`app-${name}`, '0');
    kernel.tables.set(name, new Set());
  }
});

const tables = (): number[] => NODES.map((name) => kernel.tables.get(name)?.size ?? 0);

describe('a change of several nodes', () => {
  it('sets a sysctl on all of them, and puts it back', async () => {
    const { found, readBack, undo } = await applyChange(SYSCTL, target());
    expect({ found, readBack }).toEqual({ found: '0', readBack: '7' });
    await undo();
    expect(NODES.map((name) => kernel.sysctls.get(name))).toEqual(['0', '0', '0']);
  });

  it('leaves a sysctl on none of them where the second refuses it', async () => {
    kernel.refusing.add('worker-2');
    await expect(applyChange(SYSCTL, target())).rejects.toThrow('worker-2: EINVAL');
    expect(NODES.map((name) => kernel.sysctls.get(name))).toEqual(['0', '0', '0']);
  });

  it('leaves a sysctl in no pod where one pod refuses it', async () => {
    kernel.refusing.add('app-worker-3');
    const change = { kind: 'pod-sysctl', pods: 'app', name: 'net.ipv4.tcp_fin_timeout', value: '7' } as const;
    await expect(applyChange(change, target())).rejects.toThrow('app-worker-3: EINVAL');
    expect(NODES.map((name) => kernel.sysctls.get(`app-${name}`))).toEqual(['0', '0', '0']);
  });

  it('puts rules on all of them, and takes them away', async () => {
    const { found, readBack, undo } = await applyChange(RULES, target());
    expect({ found, readBack }).toEqual({
      found: 'absent absent absent',
      readBack: 'present present present',
    });
    expect(tables()).toEqual([1, 1, 1]);
    await undo();
    expect(tables()).toEqual([0, 0, 0]);
  });

  it('leaves rules on none of them where the second refuses them', async () => {
    kernel.refusing.add('worker-2');
    await expect(applyChange(RULES, target())).rejects.toThrow('worker-2: nft: syntax error');
    expect(tables()).toEqual([0, 0, 0]);
  });

  it('has in its rules the spare addresses of each node, as the lab has given them out', async () => {
    const rules = ['snat to $spare_addresses:32768-33271'];
    await applyChange({ ...RULES, kind: 'nft', type: 'nat', hook: 'postrouting', rules }, target());
    expect(NODES.map((name) => kernel.rules.get(name)?.split('\n')[0])).toEqual([
      'define spare_addresses = 10.244.9.252-10.244.9.254',
      'define spare_addresses = 10.244.8.252-10.244.8.254',
      'define spare_addresses = 10.244.7.252-10.244.7.254',
    ]);
    await applyChange(RULES, target());
    expect(kernel.rules.get('worker-1')).not.toContain('define');
  });

  it('leaves every nginx as it was where one does not start', async () => {
    const proxies = [0, 1].map((i) => ({
      keepalive: 0,
      start(keepalive: number) {
        if (i === 1 && keepalive > 0) return Promise.reject(new Error('nginx ended before it was ready'));
        this.keepalive = keepalive;
        return Promise.resolve();
      },
    }));
    const change = { kind: 'nginx', keepalive: 16 } as const;
    const acting = applyChange(change, { ...target(), proxies } as unknown as Target);
    await expect(acting).rejects.toThrow('nginx ended before it was ready');
    expect(proxies.map(({ keepalive }) => keepalive)).toEqual([0, 0]);
  });
});
