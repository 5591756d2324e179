import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import scenario from '../../../scenarios/kube-proxy-revert.ts';
import { delegatedMaximum } from '../../../src/lab/netns/delegated-maximum.ts';
import { findKubeProxy, kubeProxyFolder } from '../../../src/toolchain/kube-proxy.ts';
import type { Environment } from '../../../src/scenario/environment.ts';
import { conntrackConfig, sysctlsSetBy } from '../../../src/change/kube-proxy-settings.ts';
import type { Squeeze } from '../../../src/change/squeezes.ts';

const MAX = 'net.netfilter.nf_conntrack_max';
const ESTABLISHED = 'net.netfilter.nf_conntrack_tcp_timeout_established';

describe('the configuration that kube-proxy is started with', () => {
  it('leaves a maximum alone that is not asked for, as kind does', () => {
    const sysctls = { [ESTABLISHED]: 7200 };
    expect(conntrackConfig({ config: 'defaults', sysctls })).toEqual({ maxPerCore: 0 });
    expect(conntrackConfig({ config: 'wished', sysctls })).toEqual({
      maxPerCore: 0,
      tcpEstablishedTimeout: '7200s',
    });
  });

  it('says nothing, the value wished, or hands off', () => {
    const sysctls = { [MAX]: 393_216 };
    expect(conntrackConfig({ config: 'defaults', sysctls })).toEqual({});
    expect(conntrackConfig({ config: 'wished', sysctls })).toEqual({ maxPerCore: 1, min: 393_216 });
    expect(conntrackConfig({ config: 'untouched', sysctls })).toMatchObject({
      maxPerCore: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
    });
  });
});

it('knows which sysctls of a node kube-proxy sets when it starts', () => {
  expect(sysctlsSetBy({ mode: 'nftables' })).toEqual({});
  const conntrack = { tcpEstablishedTimeout: '2h30m0s', tcpCloseWaitTimeout: '0s', tcpBeLiberal: true };
  expect(sysctlsSetBy({ conntrack })).toEqual({
    [ESTABLISHED]: '9000',
    'net.netfilter.nf_conntrack_tcp_be_liberal': '1',
  });
});

describe('kube-proxy-revert', () => {
  const environment = (squeeze: Squeeze, kubeProxy?: string): Environment => ({
    kernel: [6, 18],
    squeeze,
    privileged: true,
    ...(kubeProxy !== undefined && { kubeProxy }),
  });
  const protocol = (squeeze: Squeeze, kubeProxy?: string) =>
    scenario.protocol({}, environment(squeeze, kubeProxy));

  it('is skipped with the fix where there is no kube-proxy', () => {
    const { skip, symptom } = protocol('ballast');
    expect(skip).toContain('make kube-proxy');
    expect(symptom.expected).toBe('skipped');
  });

  it('touches the machine’s maximum with --squeeze sysctl only', () => {
    expect(protocol('ballast', '/bin/kube-proxy')).toMatchObject({ symptom: { expected: 'reproduced' } });
    expect(delegatedMaximum(protocol('ballast', '/bin/kube-proxy'), 'ballast')).toBeUndefined();
    expect(delegatedMaximum(protocol('sysctl', '/bin/kube-proxy'), 'sysctl')).toBe(65_536);
    const higher = scenario.protocol({ values: 'higher' }, environment('sysctl', '/bin/kube-proxy'));
    expect(delegatedMaximum(higher, 'sysctl')).toBe(131_072);
  });
});

it('looks for kube-proxy where TABLEFULL_KUBE_PROXY says, else on PATH, else in the cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tablefull-kube-proxy-'));
  try {
    const put = (path: string): string => {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'kube-proxy'), '');
      chmodSync(join(path, 'kube-proxy'), 0o755);
      return join(path, 'kube-proxy');
    };
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'bin') };
    expect(findKubeProxy(env)).toBeUndefined();
    const cached = put(kubeProxyFolder(env));
    expect(findKubeProxy(env)).toBe(cached);
    const onPath = put(join(folder, 'bin'));
    expect(findKubeProxy(env)).toBe(onPath);
    expect(findKubeProxy({ ...env, TABLEFULL_KUBE_PROXY: cached })).toBe(cached);
    expect(findKubeProxy({ ...env, TABLEFULL_KUBE_PROXY: join(folder, 'nowhere') })).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
