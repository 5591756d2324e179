import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dockerAnswers } from '../../../../src/lab/kind/outside/checks.ts';
import { ClusterStore } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';
import { deleteCluster } from '../../../../src/lab/kind/outside/cluster/delete-cluster.ts';
import { buildImage } from '../../../../src/lab/kind/outside/images/own-image.ts';
import { loadInto } from '../../../../src/lab/kind/outside/images/node-images.ts';
import { failureOf } from '../../failure-of.ts';
import { NEVER } from '../../support/never.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program that does this, found before the machine's own. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  return path;
}

it('a machine without docker is told so in one line, with the fix', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(dockerAnswers()).rejects.toThrow(
    /^docker: there is no such program; install Docker, or run `make kind-image`, which does$/,
  );
});

it('a docker that tells nothing of its daemon is told so in one line', async () => {
  program('docker', 'echo "{}"');
  await expect(dockerAnswers()).rejects.toThrow(
    /^docker: `docker info` lacks ServerVersion, .*; start it: .*$/,
  );
});

it('a cluster that kind does not delete is told in one line, in kind’s own words', async () => {
  program('docker', 'exit 0');
  const kind = program('kind', 'echo Deleting cluster >&2; echo "ERROR: permission denied" >&2; exit 1');
  const env = { TABLEFULL_KIND: kind, XDG_CACHE_HOME: folder, HOME: folder };
  const record = {
    ...{ schema: 'tablefull/cluster/v1' as const, name: 'mine', workers: 1, bare: false },
    ...{ createdAt: new Date(0).toISOString() },
  };
  expect(await failureOf(deleteCluster(record, { store: new ClusterStore(env), env }))).toHaveProperty(
    'message',
    `${kind}: ERROR: permission denied`,
  );
});

it('an image that docker does not take is told in one line, in docker’s own words', async () => {
  program(
    'docker',
    '[ "$1" = save ] && touch "$3" && exit 0; cat >/dev/null; echo no >&2; echo full >&2; exit 1',
  );
  const failures = [
    await failureOf(loadInto('app', ['worker'], NEVER)),
    await failureOf(buildImage('app', () => Promise.resolve())),
  ];
  for (const failure of failures) expect(failure).toHaveProperty('message', 'docker: full');
});
