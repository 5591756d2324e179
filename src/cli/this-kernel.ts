import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { pathOf, readSysctl } from '../kernel/sysctl.ts';
import type { Kernel } from '../manifest/effect.ts';

const ROOT = '/proc/sys/';
const WITHIN_MS = 5_000;

/** Read once for all manifests: it starts a process. */
let ofNamespaces: ReadonlySet<string> | undefined;

/** This machine's kernel, as far as a manifest is concerned. */
export function thisKernel(): Kernel {
  return {
    cores: availableParallelism(),
    hasSysctl: (name) => existsSync(pathOf(name)),
    isOfNamespace: (name) => (ofNamespaces ??= sysctlsOfNamespaces()).has(name),
    readSysctl,
  };
}

/**
 * The names of sysctls that every network namespace has for itself: those that a new one may write.
 *
 * @returns nothing where this machine makes no namespaces: no lab runs there either
 */
function sysctlsOfNamespaces(): ReadonlySet<string> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const args = [...user, '--net', 'find', `${ROOT}net`, '-type', 'f', '-perm', '-u+w'];
  try {
    const paths = execFileSync('unshare', args, {
      encoding: 'utf8',
      timeout: WITHIN_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Set(paths.split('\n').map((path) => path.slice(ROOT.length).replaceAll('/', '.')));
  } catch {
    return new Set();
  }
}
