import { readFileSync } from 'node:fs';
import type { Shell } from 'zx';
import { findProgram } from '../../src/toolchain/programs.ts';
import { Needed } from '../steps.ts';

/** The mirror for debootstrap: the one that this machine uses. */
export interface Mirror {
  readonly suite: string;
  readonly url: string;
  readonly components: readonly string[];
}

/** A value of /etc/os-release. */
export function osRelease(text: string, name: string): string | undefined {
  const line = text.split('\n').find((line) => line.startsWith(`${name}=`));
  return line?.slice(name.length + 1).replace(/^"(.*)"$/, '$1');
}

/**
 * The mirror of a suite in apt's settings.
 *
 * @param targets a line for each: its URL, its codename and its component
 * @throws Error if none has the suite
 */
export function mirrorOf(suite: string, targets: string): Mirror {
  const rows = targets
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, codename]) => codename === suite);
  const url = rows[0]?.[0];
  if (url === undefined) throw new Error(`apt knows no mirror of ${suite}: see /etc/apt/sources.list`);
  const components = rows.filter((row) => row[0] === url).flatMap((row) => row[2] ?? []);
  return { suite, url, components: [...new Set(components)] };
}

/**
 * The mirror of this machine's own release.
 *
 * @throws Needed if this machine does not use apt
 */
export async function findMirror(sh: Shell): Promise<Mirror> {
  if (findProgram('apt-get', process.env.PATH) === undefined) {
    throw new Needed('the node is built from apt packages: build it on a system with apt (Debian, Ubuntu)');
  }
  const suite = osRelease(readFileSync('/etc/os-release', 'utf8'), 'VERSION_CODENAME');
  if (suite === undefined) throw new Error('/etc/os-release names no VERSION_CODENAME');
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const { stdout } = await sh`apt-get indextargets --format ${format} ${'Created-By: Packages'}`;
  return mirrorOf(suite, stdout);
}
