import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { findKubeProxy } from '../../src/toolchain/kube-proxy.ts';
import { scratch } from './command.ts';

const program = findKubeProxy(process.env);

/** Whether kube-proxy is there, and what a test's title says where it is not. */
export const hasKubeProxy = program !== undefined;
export const needsKubeProxy = hasKubeProxy ? '' : ' (skipped: needs kube-proxy; make kube-proxy)';

/**
 * Offers kube-proxy to every user while the tests around the call run: nobody else can read the cache of the user
 * who runs them.
 */
export function offerKubeProxy(): void {
  if (program === undefined) return;
  let folder: ReturnType<typeof scratch> | undefined;
  beforeAll(() => {
    folder = scratch();
    const copy = join(folder.path, 'kube-proxy');
    copyFileSync(program, copy);
    chmodSync(copy, 0o755);
    process.env.TABLEFULL_KUBE_PROXY = copy;
  });
  afterAll(() => {
    delete process.env.TABLEFULL_KUBE_PROXY;
    folder?.[Symbol.dispose]();
  });
}
