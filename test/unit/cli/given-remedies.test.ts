import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import boom from '../../../scenarios/boom.ts';
import { givenRemedies } from '../../../src/cli/request/given-remedies.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { pairs } from '../../../src/cli/options/values.ts';

const LIBERAL = 'sysctl:net.netfilter.nf_conntrack_tcp_be_liberal=1';
const protocol = boom.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: false });
const given = (...names: readonly string[]) => givenRemedies(names, protocol, REMEDIES);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tablefull-remedy-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a sysctl that is given as a remedy', () => {
  it('is set on every node', () => {
    const [remedy] = given(LIBERAL).remedies;
    expect(remedy?.name).toBe(LIBERAL);
    expect(remedy?.changes(protocol)).toEqual([
      { kind: 'sysctl', node: 'all', name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 1 },
    ]);
  });

  it('raises the maximum from what it was measured to be', () => {
    const [remedy] = given('sysctl:net.netfilter.nf_conntrack_max=5000').remedies;
    expect(remedy?.changes(protocol, { limit: 1200, free: 0 })).toEqual([{ kind: 'limit', add: 3800 }]);
  });

  it.each([
    ['sysctl:vm.swappiness=1', 'below net'],
    ['sysctl:net.ipv4.tcp_tw_reuse', 'NAME=NUMBER'],
    ['sysctl:net.netfilter.nf_conntrack_buckets=9', 'raise-buckets'],
  ])('is refused with the fix: %s', (name, fix) => {
    expect(() => given(name)).toThrow(fix);
  });

  it('can be named in --expect, though its name holds an equals sign', () => {
    expect(pairs(`${LIBERAL}=cured,symptom=reproduced`)).toEqual({
      [LIBERAL]: 'cured',
      symptom: 'reproduced',
    });
  });
});

describe('a remedy that is given as a file', () => {
  const changes = 'changes:\n  - { kind: sysctl, node: all, name: net.ipv4.tcp_tw_reuse, value: 1 }\n';

  it('has the name of the file, its changes, and what it expects', () => {
    const path = file('our-sysctls.yaml', `summary: ours\nexpected: no-effect\n${changes}`);
    const { remedies, expected } = given('be-liberal', path);
    expect(remedies.map(({ name }) => name)).toEqual(['be-liberal', 'our-sysctls']);
    expect(remedies[1]?.changes(protocol)).toHaveLength(1);
    expect(expected).toEqual({ 'our-sysctls': 'no-effect' });
  });

  it('is refused with the file, the line and the fix where it names what the scenario does not have', () => {
    const path = file(
      'on-nine.yaml',
      `summary: ours\nexpected: cured\n${changes.replace('all', 'worker-9')}`,
    );
    expect(() => given(path)).toThrow(`${path}:4:`);
    expect(() => given(path)).toThrow('unknown node worker-9; did you mean worker-1?');
  });

  it.each([
    ['Bad Name.yaml', changes, 'my-fix.yaml'],
    ['empty.yaml', '', 'is empty'],
    ['wrong.yaml', 'summary: ours\nexpected: healed\nchanges: []\n', 'expected'],
  ])('is refused where it is none: %s', (name, text, why) => {
    expect(() => given(file(name, text))).toThrow(why);
  });

  it('is refused in one line where there is no such file', () => {
    expect(() => given('./nowhere.yaml')).toThrow(/^--remedy \.\/nowhere\.yaml: no such file/);
  });
});

describe('a Kubernetes manifest that is given as a remedy', () => {
  const settings = (conntrack: string) =>
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nconntrack: ${conntrack}\n`;
  const liberal = 'net.netfilter.nf_conntrack_tcp_be_liberal';

  it('has the name of its file, and is expected to cure', () => {
    const { remedies, expected } = given(file('kube-proxy-2.yml', settings('{ tcpBeLiberal: true }')));
    expect(remedies[0]?.name).toBe('kube-proxy-2');
    expect(remedies[0]?.changes(protocol)).toEqual([
      { kind: 'sysctl', node: 'all', name: liberal, value: 1 },
    ]);
    expect(expected).toEqual({ 'kube-proxy-2': 'cured' });
  });

  it('may be a folder: all its YAML and JSON files, sorted by name', () => {
    const fix = join(folder, 'our-fix');
    mkdirSync(fix);
    file('our-fix/b.yaml', settings('{ tcpBeLiberal: true }'));
    file('our-fix/a.json', JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }));
    file('our-fix/notes.txt', 'none of it');
    const [remedy] = given(fix).remedies;
    expect(remedy?.name).toBe('our-fix');
    expect(remedy?.summary).toBe('Namespace n and 1 more');
    expect(remedy?.changes(protocol)).toHaveLength(1);
    expect(given(`${fix}/`).remedies[0]?.name).toBe('our-fix');
  });

  it.each([
    ['of nothing', '', 'is empty'],
    [
      'of nothing that has an effect',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n',
      'nothing in it changes',
    ],
    ['with a broken document', 'apiVersion: v1\nkind: Pod\n---\n{', 'refused.yaml:4:'],
  ])('is refused in one line: a file %s', (_, text, why) => {
    expect(() => given(file('refused.yaml', text))).toThrow(why);
    expect(() => given(file('refused.yaml', text))).toThrow(/^[^\n]+$/);
  });

  it('is refused where the folder has none, and where two have one name', () => {
    mkdirSync(join(folder, 'bare'));
    expect(() => given(join(folder, 'bare'))).toThrow('put .yaml, .yml or .json files there');
    const path = file('be-liberal.yaml', settings('{ tcpBeLiberal: true }'));
    expect(() => given('be-liberal', path)).toThrow('two remedies are named be-liberal');
  });
});
