import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';
import { readIfThere } from '../../../../src/util/read-if-there.ts';
import type { ClusterRecord } from '../../../../src/lab/kind/outside/cluster/cluster-store.ts';

/** The record of a cluster `mine`. */
export const RECORD: ClusterRecord = {
  schema: 'tablefull/cluster/v1',
  name: 'mine',
  workers: 1,
  bare: false,
  createdAt: '2026-01-02T00:00:00.000Z',
};

/** Programs `docker` and `kind` of a machine with at most one cluster, found before the machine's own. */
export class FakeKind implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'fake-kind-'));
  readonly env: Readonly<Record<string, string>>;

  /**
   * @param creating what `kind create` does, in sh
   * @param deleting what `kind delete` does
   */
  constructor(creating = 'node', deleting = 'rm -f "$nodes"') {
    this.#program(
      'docker',
      'case "$1" in ps) cat "$nodes" 2>/dev/null; exit 0;; inspect) echo 198.51.100.3; exit 0;; esac; exit 1',
    );
    const kind = this.#program(
      'kind',
      `node() { echo 0c0ffee >"$nodes"; }
echo "$1" >>"$asked"
case "$1" in create) cat >/dev/null; ${creating};; delete) ${deleting};; esac`,
    );
    const { folder } = this;
    this.env = {
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CACHE_HOME: folder,
      HOME: folder,
      TABLEFULL_KIND: kind,
    };
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`);
  }

  /** A cluster that is there without tablefull. */
  haveCluster(): void {
    writeFileSync(join(this.folder, 'nodes'), '0c0ffee\n');
  }

  get hasCluster(): boolean {
    return readIfThere(join(this.folder, 'nodes')) !== undefined;
  }

  /** The commands of kind so far. */
  get asked(): readonly string[] {
    return (readIfThere(join(this.folder, 'asked')) ?? '').split('\n').filter((line) => line !== '');
  }

  #program(name: string, script: string): string {
    const path = join(this.folder, name);
    const files = ['nodes', 'asked'].map((file) => `${file}='${join(this.folder, file)}'`).join('\n');
    writeFileSync(path, `#!/bin/sh\n${files}\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  [Symbol.dispose](): void {
    vi.unstubAllEnvs();
    rmSync(this.folder, { recursive: true });
  }
}
