import { describe, expect, it } from 'vitest';
import dnsStorm from '../../../scenarios/dns-storm.ts';
import { paramValues } from '../../../src/scenario/define.ts';
import { daemonSet, remedyOf, reportOf, SATURATE } from './given.ts';
import { RESOLVING } from '../../../src/remedy/loads.ts';

const DNS = dnsStorm.protocol(paramValues('dns-storm', dnsStorm.params, {}), {
  kernel: [6, 18],
  squeeze: 'ballast',
  privileged: true,
});

const pod = (spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers: [{ name: app, image: mine }]\n  ${spec}\n`;

describe('a pod’s own settings', () => {
  it('sysctls are those of the demand’s pods', () => {
    const text = pod(
      'securityContext: { sysctls: [{ name: net.ipv4.ip_local_port_range, value: "1024 65000" }] }',
    );
    expect(remedyOf(text).changes(SATURATE)).toEqual([
      {
        kind: 'pod-sysctl',
        pods: expect.any(String) as string,
        name: 'net.ipv4.ip_local_port_range',
        value: '1024 65000',
      },
    ]);
  });

  it.each([
    ['unsafe', '', 'SysctlForbidden', 'net.ipv4.tcp_tw_reuse'],
    ['with hostNetwork', 'hostNetwork: true\n  ', 'API server refuses', 'net.ipv4.tcp_keepalive_time'],
  ])('sysctls that Kubernetes refuses are a finding: %s', (_, before, why, name) => {
    const text = pod(`${before}securityContext: { sysctls: [{ name: ${name}, value: "1" }] }`);
    const { lines, findings } = reportOf(text);
    expect(lines).toEqual([]);
    expect(findings.join()).toContain(why);
  });

  it('dnsConfig of a patch and of a Deployment is the options of resolv.conf; the rest of it is named', () => {
    const dns =
      'dnsConfig: { nameservers: [1.1.1.1], options: [{ name: ndots, value: "2" }, { name: use-vc }] }';
    const changes = [{ kind: 'resolver', options: ['ndots:2', 'use-vc'] }];
    for (const text of [
      `spec:\n  template:\n    spec:\n      ${dns}\n`,
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\nspec:\n  template:\n    spec:\n      ${dns}\n`,
    ]) {
      expect(remedyOf(text).changes(DNS)).toEqual(changes);
      expect(reportOf(text, DNS).gaps.join()).toContain('1.1.1.1: the lab’s pods keep their own');
    }
  });

  it('needs pods that look names up: elsewhere the remedy is skipped with this reason', () => {
    expect(remedyOf(pod('dnsConfig: { options: [{ name: use-vc }] }')).requires).toEqual([RESOLVING]);
  });
});

describe('what is not understood', () => {
  it('is named by document, path and reason', () => {
    expect(reportOf(`${daemonSet('true')}---\n${pod('dnsPolicy: None')}`).gaps).toEqual([
      'Pod p, container app: image mine: what its image runs is not known',
    ]);
    expect(reportOf('apiVersion: x/v1\nkind: Tuned\nmetadata: { name: t }\n').gaps).toEqual([
      'Tuned t: the kind Tuned is not understood',
    ]);
    expect(
      reportOf('apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: d }\nspec: { template: 1 }\n')
        .gaps[0],
    ).toContain('DaemonSet d: spec.template: ');
  });
});
