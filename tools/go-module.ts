/**
 * Programs out of Go modules: a go.mod of our own that asks for one module, and the build. `go install` refuses modules
 * whose go.mod has replace directives, which Kubernetes and etcd have. The sources come from wherever Go is set up to
 * get them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Runs `go` in the module's folder and gives what it printed; rejects where it fails. */
export type Go = (...args: readonly string[]) => Promise<string>;

export interface GoModule {
  /** The path of the module that is asked for, like k8s.io/kubernetes. */
  readonly path: string;
  /** Its version without the `v`, like 1.34.4. */
  readonly version: string;
  /** The packages that are programs, each with its whole path. */
  readonly programs: readonly string[];
}

/** What a build is told beyond its packages. */
export interface GoBuild {
  readonly tags?: readonly string[];
  /** String variables that the linker sets, by package and name. */
  readonly variables?: Readonly<Record<string, string>>;
}

const DOWNLOADED = z.object({ GoMod: z.string(), Dir: z.string() });

/** Where Go is installed by its own archive, which may not be on PATH. */
export function goEnv(env: Readonly<NodeJS.ProcessEnv>): { PATH: string; CGO_ENABLED: string } {
  return { PATH: `${env.PATH ?? ''}:/usr/local/go/bin`, CGO_ENABLED: '0' };
}

/**
 * The go.mod. Kubernetes' own has its libraries beside it, in staging/; each is published as v0.MINOR.PATCH too, and
 * those are taken in their place. Modules without staging/ get no replacement.
 *
 * @param upstream the go.mod of the module itself
 */
export function goMod({ path, version, programs }: GoModule, upstream: string): string {
  const lines = upstream.split('\n');
  const staging = lines.flatMap((line) => /^\s+(k8s\.io\/[a-z-]+) => \.\/staging/.exec(line)?.[1] ?? []);
  const published = version.replace(/^1\./, 'v0.');
  return [
    'module tablefull/programs',
    ...lines.filter((line) => /^(go|godebug) /.test(line)),
    ...programs.map((program) => `tool ${program}`),
    `require ${path} v${version}`,
    ...(staging.length === 0
      ? []
      : ['replace (', ...staging.map((name) => `\t${name} => ${name} ${published}`), ')']),
    '',
  ].join('\n');
}

/** Gets a module's sources; its folder in Go's cache, and its go.mod. */
export async function download(go: Go, { path, version }: GoModule): Promise<{ GoMod: string; Dir: string }> {
  return DOWNLOADED.parse(JSON.parse(await go('mod', 'download', '-json', `${path}@v${version}`)));
}

/** Writes a go.mod into the folder that `go` runs in, and gets all that its programs need. */
export async function writeModule(go: Go, folder: string, wanted: GoModule): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { GoMod } = await download(go, wanted);
  writeFileSync(join(folder, 'go.mod'), goMod(wanted, readFileSync(GoMod, 'utf8')));
  await go('mod', 'tidy');
}

/**
 * Builds packages without paths, symbols and commit of the machine in them.
 *
 * @param output a folder (ending in `/`) for several programs, or a file for one
 */
export async function buildPrograms(go: Go, output: string, packages: readonly string[], how: GoBuild = {}) {
  const variables = Object.entries(how.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', ['-s -w', ...variables].join(' ')];
  const tags = how.tags === undefined ? [] : ['-tags', how.tags.join(',')];
  await go('build', ...flags, ...tags, '-o', output, ...packages);
}
