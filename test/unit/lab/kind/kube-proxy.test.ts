import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import kubeProxyRevert from '../../../../scenarios/kube-proxy-revert.ts';
import udpCleanupStorm from '../../../../scenarios/udp-cleanup-storm.ts';
import { cannot as cannotOnKind } from '../../../../src/lab/kind/abilities.ts';
import type { NodeAsk } from '../../../../src/lab/kind/agent-rpc.ts';
import type { Api } from '../../../../src/lab/kind/outside/api/api.ts';
import { KubeProxy, sayOf, withSettings } from '../../../../src/lab/kind/outside/kube-proxy.ts';
import { netns } from '../../../../src/lab/netns/entry.ts';
import { kubeProxyConfig } from '../../../../src/remedy/kube-proxy-config.ts';
import { proxyMode } from '../../../../src/remedy/proxy-mode.ts';
import { ENVIRONMENT } from '../../support/environment.ts';

const CONFIG = 'mode: iptables\nconntrack:\n  maxPerCore: 0\n  min: null\niptables: null\n';
const WITH_KUBE_PROXY = { ...ENVIRONMENT, realKubeProxy: true };

describe('settings put into kube-proxy’s configuration', () => {
  it('replace those of the same name and leave the others', () => {
    const set = { mode: 'nftables', conntrack: { tcpCloseWaitTimeout: '60s' } } as const;
    expect(parse(withSettings(CONFIG, set))).toEqual({
      mode: 'nftables',
      conntrack: { maxPerCore: 0, min: null, tcpCloseWaitTimeout: '60s' },
      iptables: null,
    });
    expect(sayOf(CONFIG, set)).toBe('mode: "iptables", conntrack.tcpCloseWaitTimeout: null');
    expect(parse(withSettings(CONFIG, { iptables: { minSyncPeriod: '10s' } }))).toMatchObject({
      iptables: { minSyncPeriod: '10s' },
    });
  });

  it('leave the very text where it has them all', () => {
    expect(withSettings(CONFIG, {})).toBe(CONFIG);
    expect(withSettings(CONFIG, { mode: 'iptables', conntrack: { maxPerCore: 0 } })).toBe(CONFIG);
  });
});

/** A pod as the API server returns it. */
function podOn(nodeName: string): V1Pod {
  return JSON.parse(JSON.stringify({ spec: { nodeName } })) as V1Pod;
}

describe('a change of kube-proxy', () => {
  /** A cluster with one ConfigMap that logs requests. */
  function cluster(broken: { restart?: boolean } = {}) {
    const log: string[] = [];
    const data = { 'config.conf': CONFIG };
    const api = {
      configMap: () => Promise.resolve({ ...data }),
      setConfigMap: (_: string, __: string, files: typeof data) => {
        log.push(`write ${(parse(files['config.conf']) as { mode: string }).mode}`);
        Object.assign(data, files);
        return Promise.resolve();
      },
      pods: {
        replace: (_: unknown, { counts }: { counts: (pod: V1Pod) => boolean }) => {
          const nodes = ['worker', 'worker2', 'worker3'].filter((nodeName) => counts(podOn(nodeName)));
          log.push(`restart on ${nodes.join(' ')}`);
          return broken.restart === true ? Promise.reject(new Error('no new pod came')) : Promise.resolve();
        },
      },
    } as unknown as Api;
    const kubeProxy = new KubeProxy({
      api,
      nodes: ['worker', 'worker2'],
      remember: (config) => {
        log.push(config === undefined ? 'forget' : 'remember');
        return Promise.resolve();
      },
      ask: (request: NodeAsk) => {
        log.push(request.method);
        return Promise.resolve();
      },
    });
    return { kubeProxy, log, data };
  }

  it('is remembered before it is made, and undone to the letter', async () => {
    const { kubeProxy, log, data } = cluster();
    const done = await kubeProxy.change({ mode: 'nftables' });
    expect(done).toMatchObject({
      readings: [{ before: `mode: "iptables"`, after: `mode: "nftables"` }],
    });
    const made = ['delegate', 'remember', 'write nftables', 'restart on worker worker2', 'synced'];
    expect(log.splice(0)).toEqual(made);
    expect(await done.undo()).toMatchObject([{ after: `mode: "iptables"` }]);
    // kube-proxy finds the sysctls as they were when it starts, and what it sets then is undone, too.
    const undone = ['write iptables', 'restart on worker worker2', 'synced', 'forget'];
    expect(log).toEqual(['restore', 'delegate', ...undone, 'restore']);
    expect(data['config.conf']).toBe(CONFIG);
  });

  it('without settings is a restart, which leaves nothing to undo', async () => {
    const { kubeProxy, log } = cluster();
    await (await kubeProxy.change({})).undo();
    expect(log).toEqual(['restart on worker worker2', 'synced']);
  });

  it('that breaks off is undone, and restored in the end where kube-proxy did not come up with it either', async () => {
    const broken = { restart: true };
    const { kubeProxy, log, data } = cluster(broken);
    await expect(kubeProxy.change({ mode: 'nftables' })).rejects.toThrow(/no new pod came; not restored/);
    expect(log.slice(-7)).toEqual([
      'write nftables',
      'restart on worker worker2',
      'restore',
      'delegate',
      'write iptables',
      'restart on worker worker2',
      'restore',
    ]);
    expect(data['config.conf']).toBe(CONFIG);
    broken.restart = false;
    log.length = 0;
    await kubeProxy.restore();
    expect(log).toEqual(['restart on worker worker2', 'forget']);
    expect(data['config.conf']).toBe(CONFIG);
    log.length = 0;
    await kubeProxy.restore();
    expect(log).toEqual([]);
  });
});

describe('what takes the kube-proxy of a cluster', () => {
  it('is no change of it at 0 s of a phase, for which its nodes would wait before it is requested', () => {
    const protocol = kubeProxyRevert.protocol({}, { ...WITH_KUBE_PROXY, squeeze: 'sysctl' });
    const at = (s: number) => ({ at: s, change: { kind: 'kube-proxy' as const, set: {} } });
    expect(cannotOnKind({ ...protocol, fault: { kind: 'event', ...at(0) } })).toMatch(
      /^a kube-proxy change at 0 s: /,
    );
    expect(cannotOnKind({ ...protocol, events: [at(0)] })).toMatch(/^a kube-proxy change at 0 s: /);
    expect(cannotOnKind({ ...protocol, events: [at(0.3)] })).toBeUndefined();
  });

  it('is kube-proxy-revert, where it runs already: restarted in the middle of a phase, and told by its ConfigMap', () => {
    const protocol = kubeProxyRevert.protocol({}, { ...WITH_KUBE_PROXY, squeeze: 'sysctl' });
    expect(cannotOnKind(protocol)).toBeUndefined();
    expect(protocol.skip).toBeUndefined();
    expect(protocol.fault).toMatchObject({ kind: 'event', change: { kind: 'kube-proxy', set: {} } });
    expect(Object.keys(protocol.demand.kind === 'settings' ? protocol.demand.sysctls : {})).not.toContain(
      'net.netfilter.nf_conntrack_max',
    );
    expect(kubeProxyConfig.changes(protocol)).toEqual([
      {
        kind: 'kube-proxy',
        set: {
          conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '7200s', tcpCloseWaitTimeout: '60s' },
        },
      },
    ]);
  });

  it('can’t be had in the embedded lab, which says so', () => {
    const [change] = proxyMode.changes(kubeProxyRevert.protocol({}, WITH_KUBE_PROXY));
    if (change === undefined) throw new Error();
    expect(netns.cannot(change)).toMatch(/use --lab kind$/);
    expect(netns.cannot(udpCleanupStorm.protocol({}, WITH_KUBE_PROXY))).toMatch(/use --lab kind$/);
    expect(udpCleanupStorm.protocol({}, ENVIRONMENT).skip).toMatch(/--lab kind$/);
    expect(udpCleanupStorm.protocol({}, { ...WITH_KUBE_PROXY, squeeze: 'sysctl' }).skip).toMatch(/ballast$/);
  });
});
