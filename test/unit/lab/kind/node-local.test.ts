import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findNodeLocal, nodeLocalImage } from '../../../../src/lab/kind/outside/dns/node-local-image.ts';
import { nodeLocalSpec } from '../../../../src/lab/kind/outside/dns/node-local-spec.ts';
import { NEVER } from '../../support/never.ts';

const COREDNS = 'registry.example/coredns/coredns:v1.12.1';
const IMAGE = 'registry.example/dns/k8s-dns-node-cache:1.26.7';
const NODES = ['mine-worker', 'mine-worker2'];

describe('the image of NodeLocal DNSCache', () => {
  it('is of the registry that the cluster has its CoreDNS from', () => {
    expect(nodeLocalImage(COREDNS)).toBe(IMAGE);
    expect(nodeLocalImage('mirror.example:5000/k8s/coredns/coredns@sha256:0123')).toBe(
      'mirror.example:5000/k8s/dns/k8s-dns-node-cache:1.26.7',
    );
  });

  it('is nowhere for a CoreDNS that is none of Kubernetes’ own', () => {
    expect(nodeLocalImage('coredns:dev')).toBeUndefined();
  });

  describe('on the nodes of a cluster', () => {
    let folder: string;
    const asked = (): readonly string[] => readFileSync(join(folder, 'asked'), 'utf8').trimEnd().split('\n');
    const said: string[] = [];
    const find = (mayPull: boolean): Promise<string | undefined> =>
      findNodeLocal(COREDNS, NODES, { mayPull, say: (line) => said.push(line) }, NEVER);

    /** @param has nodes with the image @param pull outcome of a pull */
    function docker(has: readonly string[], pull: 'exit 0' | 'exit 1'): void {
      const script = `#!/bin/sh
echo "$@" >> ${folder}/asked
case "$*" in
${has.map((node) => `*"${node} ctr"*) echo ${IMAGE};;`).join('\n')}
*"crictl pull"*) ${pull};;
esac
`;
      writeFileSync(join(folder, 'docker'), script);
      chmodSync(join(folder, 'docker'), 0o755);
    }

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'tablefull-docker-'));
      said.length = 0;
      vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
    });
    afterEach(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });

    it('is used where all have it', async () => {
      docker(NODES, 'exit 1');
      await expect(find(true)).resolves.toBe(IMAGE);
      expect(said).toEqual([]);
    });

    it('is pulled by those that have it not', async () => {
      docker(['mine-worker'], 'exit 0');
      await expect(find(true)).resolves.toBe(IMAGE);
      expect(asked().filter((args) => args.includes('pull'))).toEqual([
        `exec mine-worker2 crictl pull ${IMAGE}`,
      ]);
    });

    it('is done without where it can’t be pulled, which is said', async () => {
      docker([], 'exit 1');
      await expect(find(true)).resolves.toBeUndefined();
      expect(said.at(-1)).toContain('a CoreDNS replaces NodeLocal DNSCache');
    });

    it('is not asked for where the nodes’ own image could not be pulled either', async () => {
      docker([], 'exit 0');
      await expect(find(false)).resolves.toBeUndefined();
      expect(asked().filter((args) => args.includes('pull'))).toEqual([]);
    });
  });
});

describe('a pod of NodeLocal DNSCache', () => {
  const asksOutside = { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.96.0.99'] } };
  const spec = (notrack: boolean) =>
    nodeLocalSpec(IMAGE, { dns: { asksOutside }, configMap: 'cache', notrack });

  it('makes its rules or leaves them, and its link never', () => {
    const args = (notrack: boolean): unknown => spec(notrack).containers[0];
    expect(args(true)).toMatchObject({
      image: IMAGE,
      args: expect.arrayContaining([
        '169.254.20.10',
        '-setupiptables=true',
        '-setupinterface=false',
      ]) as unknown,
    });
    expect(args(false)).toMatchObject({
      args: expect.arrayContaining(['-setupiptables=false', '-setupinterface=false']) as unknown,
    });
  });

  it('is on its node’s network, and asks nobody outside', () => {
    expect(spec(true)).toMatchObject({ hostNetwork: true, ...asksOutside });
  });
});
