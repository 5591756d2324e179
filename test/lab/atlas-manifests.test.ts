import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/schema/verdict.ts';
import { verdictWith } from './command.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';

/** A file of the project: a shipped manifest, or a fixture. */
function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

async function run(
  scenario: string,
  remedies: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<Verdict> {
  return (await verdictWith(files, [scenario, '--single-pass', '--remedy', remedies.join(',')])).verdict;
}

describe('a manifest of a shipped remedy', () => {
  it.each([
    ['boom', ['be-liberal', 'drop-invalid', 'ignore-invalid-rst', 'placebo']],
    ['dns-storm', ['ndots-2', 'single-request-reopen', 'node-local-dns']],
    ['time-wait', ['timeout-time-wait']],
    ['rp-filter', ['rp-filter-loose']],
  ])('has the verdict of the built-in remedy of its name: %s', async (scenario, names) => {
    const files = Object.fromEntries(
      names.map((name) => [`given-${name}.yaml`, text(`manifests/remedies/${name}.yaml`)]),
    );
    const verdict = await run(scenario, [...names, ...Object.keys(files)], files);
    const statusOf = (name: string) => verdict.remedies.find((each) => each.name === name)?.status;
    expect(names.map((name) => [name, statusOf(`given-${name}`)])).toEqual(
      names.map((name) => [name, statusOf(name)]),
    );
    expect(verdict.restore.status).toBe('complete');
  });
});

describe('a manifest of one’s own', () => {
  it('that sets a name no kernel has changes nothing, and the verdict says that its pod crash-loops', async () => {
    const verdict = await run('boom', ['misspelt.yaml', 'dns.yaml', 'liberal.json'], {
      'misspelt.yaml': text('test/fixtures/manifests/ds-misspelt.yaml'),
      'dns.yaml': text('test/fixtures/manifests/dns-ndots.yaml'),
      'liberal.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'liberal' },
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'set',
              image: 'busybox',
              securityContext: { privileged: true },
              command: ['sh', '-c', `sysctl -w ${LIBERAL}=1; sleep infinity`],
            },
          ],
        },
      }),
    });
    const [misspelt, dns, liberal] = verdict.remedies;
    expect(misspelt).toMatchObject({ status: 'no-effect', manifest: { how: 'translated', lines: [] } });
    expect(misspelt?.manifest?.findings.join()).toContain('the pod crash-loops');
    expect(dns?.status).toBe('skipped');
    expect(liberal).toMatchObject({
      status: 'cured',
      manifest: { lines: [expect.stringContaining(`${LIBERAL}=1 → on every node`) as string], gaps: [] },
    });
  });
});
