import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictWith } from '../lab/command.ts';
import type { Verdict } from '../../src/schema/verdict.ts';
import { CLUSTER, dockerMissing, kubectl, onWorker, tablefull, worker } from './cluster.ts';

const missing = await dockerMissing();
const ROOT = join(import.meta.dirname, '../..');
const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';

const REPLACING = `apiVersion: v1
kind: ConfigMap
metadata: { name: tablefull-test, namespace: kube-system }
data: { a: new, b: added }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: tablefull-test, namespace: kube-system }
spec:
  selector: { matchLabels: { app: tablefull-test } }
  template:
    metadata: { labels: { app: tablefull-test } }
    spec:
      hostNetwork: true
      terminationGracePeriodSeconds: 0
      tolerations: [{ operator: Exists }]
      initContainers:
        - name: set
          image: tablefull/agent:local
          securityContext: { privileged: true }
          command: [sysctl, -w, ${LIBERAL}=1]
      containers: [{ name: rest, image: 'tablefull/agent:local', command: [sleep, infinity] }]
`;

async function run(
  scenario: string,
  remedies: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const lab = ['--lab', 'kind', '--reuse', CLUSTER, '--squeeze', 'ballast', '--single-pass'];
  return (await verdictWith(files, [scenario, ...lab, '--remedy', remedies.join(',')], 'root')).verdict;
}

describe.skipIf(missing !== undefined)(
  `manifests on a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    // Six remedies, and once more where the machine was too busy to tell.
    it.each([
      ['boom', ['drop-invalid', 'ignore-invalid-rst', 'placebo']],
      ['dns-storm', ['ndots-2', 'use-vc', 'coredns-forward']],
    ])(
      'a manifest has the verdict of the built-in remedy of its name: %s',
      async (scenario, names) => {
        await tablefull('lab', 'up', 'kind', '--name', CLUSTER);
        const before = [await worker(1), await worker(2)];
        const files = Object.fromEntries(
          names.map((name) => [
            `given-${name}.yaml`,
            readFileSync(join(ROOT, `manifests/remedies/${name}.yaml`), 'utf8'),
          ]),
        );
        const verdict = await run(scenario, [...names, ...Object.keys(files)], files);
        const statusOf = (name: string) => verdict.remedies.find((each) => each.name === name)?.status;
        expect(names.map((name) => [name, statusOf(`given-${name}`)])).toEqual(
          names.map((name) => [name, statusOf(name)]),
        );
        expect([verdict.restore.status, await worker(1), await worker(2)]).toEqual(['complete', ...before]);
      },
      600_000,
    );

    it('a manifest is applied as it is, read back, and put back on every node', async () => {
      await tablefull('lab', 'up', 'kind', '--name', CLUSTER);
      await kubectl('-n', 'kube-system', 'create', 'configmap', 'tablefull-test', '--from-literal=a=old');
      const verdict = await run('boom', ['ours.yaml'], { 'ours.yaml': REPLACING });
      const [ours] = verdict.remedies;
      expect(ours).toMatchObject({ status: 'cured', manifest: { how: 'applied' } });
      const effects = ours?.manifest?.effects?.join('\n');
      expect(effects).toMatch(/DaemonSet kube-system\/tablefull-test: (\d+) of \1 pods ready/);
      expect(effects).toContain(`worker-1: ${LIBERAL} 0 → 1`);
      expect(await onWorker(1, 'sysctl', '-n', LIBERAL)).toBe('0');
      const data = ['-n', 'kube-system', 'get', 'configmap', 'tablefull-test', '-o', 'jsonpath={.data}'];
      expect(JSON.parse(await kubectl(...data))).toEqual({ a: 'old' });
      expect(await kubectl('-n', 'kube-system', 'get', 'daemonsets', '-o', 'name')).not.toContain('test');
      await kubectl('-n', 'kube-system', 'delete', 'configmap', 'tablefull-test');
    });
  },
);
