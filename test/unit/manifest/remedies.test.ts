import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import boom from '../../../scenarios/boom.ts';
import dnsRace from '../../../scenarios/dns-race.ts';
import dnsStorm from '../../../scenarios/dns-storm.ts';
import kubeProxyRevert from '../../../scenarios/kube-proxy-revert.ts';
import staleHeadlessDns from '../../../scenarios/stale-headless-dns.ts';
import { givenRemedies } from '../../../src/cli/request/given-remedies.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { paramValues } from '../../../src/scenario/define.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';
import { reportOf, SATURATE } from './given.ts';
import { ENVIRONMENT } from '../support/environment.ts';

function protocolOf(scenario: Scenario, given: Record<string, string> = {}): Protocol {
  return scenario.protocol(paramValues(scenario.name, scenario.params, given), ENVIRONMENT);
}

/** The remedies whose manifest is all of them, each with a scenario where it applies. */
const WHOLE: readonly (readonly [Protocol, boolean, readonly string[]])[] = [
  [protocolOf(boom), false, ['be-liberal', 'drop-invalid', 'ignore-invalid-rst']],
  [
    SATURATE,
    false,
    [
      'raise-buckets',
      'shorter-timeouts',
      'placebo',
      'rp-filter-loose',
      ...REMEDIES.map(({ name }) => name).filter((name) => name.startsWith('timeout-')),
    ],
  ],
  [
    protocolOf(dnsStorm),
    false,
    ['ndots-2', 'use-vc', 'single-request-reopen', 'node-local-dns', 'node-local-dns-tracked'],
  ],
  [protocolOf(dnsRace), false, ['single-request-reopen']],
  [protocolOf(staleHeadlessDns), false, ['shorter-record-ttl']],
  [protocolOf(kubeProxyRevert), false, ['kube-proxy-config']],
  [protocolOf(dnsStorm), true, ['coredns-forward', 'proxy-mode', 'proxy-mode-ipvs', 'min-sync-period']],
];

function given(file: string, protocol: Protocol, cluster = false) {
  const [remedy] = givenRemedies([file], protocol, REMEDIES, { cluster, squeeze: 'ballast' }).remedies;
  if (remedy === undefined) throw new Error(`${file} gives no remedy`);
  return remedy;
}

describe('a manifest of the shipped remedies', () => {
  for (const [protocol, cluster, names] of WHOLE)
    it.each(names)('%s.yaml, given as a file, makes the changes of the built-in remedy', (name) => {
      const builtIn = REMEDIES.find((each) => each.name === name);
      const remedy = given(`manifests/remedies/${name}.yaml`, protocol, cluster);
      expect(remedy.changes(protocol)).toEqual(builtIn?.changes(protocol));
      expect(remedy.name).toBe(name);
    });

  it.each([
    ['backoff-with-jitter', 'nothing in the manifest reads it'],
    ['connection-pools', 'nothing in the manifest reads it'],
    ['conntrack-delete', 'the entries of that moment'],
    ['headless', 'clients must use it first'],
    ['keepalive', 'nothing in the manifest reads it'],
    ['random-fully', 'what its image runs is not known'],
  ])('%s.yaml is refused in one line: alone it changes nothing', (name, why) => {
    const file = `manifests/remedies/${name}.yaml`;
    expect(() => given(file, SATURATE)).toThrow(why);
    expect(() => given(file, SATURATE)).toThrow(/^[^\n]*nothing of it has an effect in this lab[^\n]*$/);
  });

  it('what only a cluster has is refused where a scenario would use it, and skipped elsewhere', () => {
    const file = 'manifests/remedies/coredns-forward.yaml';
    expect(() => given(file, protocolOf(dnsStorm))).toThrow(
      /nothing of it.*prefer_udp: this lab’s DNS is not/,
    );
    expect(given(file, SATURATE).requires).toHaveLength(1);
  });
});

describe('manifests in the form of the sources', () => {
  const report = (name: string, protocol = SATURATE, cluster = false) =>
    reportOf(readFileSync(`test/fixtures/manifests/${name}.yaml`, 'utf8'), protocol, {
      cluster,
      squeeze: 'ballast',
    });

  it('a DaemonSet’s four writes are four changes', () => {
    expect(report('ds-tuner').lines).toHaveLength(4);
  });

  it('140000 is less than the maximum of a node with enough memory', () => {
    expect(report('ds-nsenter')).toMatchObject({ lines: [], findings: [] });
    expect(report('ds-nsenter').gaps.join()).toContain('nf_conntrack_max is 262144 here already');
  });

  it('a name that no kernel has: the pod crash-loops, and what comes after it never starts', () => {
    const { lines, findings } = report('ds-misspelt');
    expect(lines).toEqual([]);
    expect(findings.join()).toContain('the pod crash-loops');
  });

  it('kube-proxy’s maximum grows with the cores, and the other settings of its file are named', () => {
    const { lines, gaps } = report('cm-kube-proxy-config');
    expect(lines[0]).toContain('nf_conntrack_max=524288, instead of 262144');
    expect(lines).toHaveLength(3);
    expect(gaps.join()).toContain('bindAddress, enableProfiling');
  });

  it('a ConfigMap with the mode alone takes kube-proxy’s kubeconfig away', () => {
    expect(report('cm-ipvs', SATURATE, true).findings.join()).toContain('no longer reaches the API server');
  });

  it('a Corefile without the cluster’s zone ends the lookups of services', () => {
    expect(report('cm-coredns', protocolOf(dnsStorm), true).findings.join()).toContain('no kubernetes');
  });

  it.each(['ndots', 'single-request-reopen', 'use-vc'])(
    'dnsConfig: %s is a change of resolv.conf',
    (name) => {
      expect(report(`dns-${name}`, protocolOf(dnsStorm)).lines).toHaveLength(1);
    },
  );
});
