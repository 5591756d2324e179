import { copyFileSync, mkdirSync, readdirSync, renameSync, symlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { type Go, buildPrograms, download, goEnv, writeModule } from '../go-module.ts';
import { ROOT, contentKey, result, resultFolder, sources } from './cache.ts';
import { BUILDS, type Build } from './versions.ts';

export type BuildName = keyof typeof BUILDS;
export const BUILD_NAMES = Object.keys(BUILDS) as readonly BuildName[];

const HERE = import.meta.dirname;
const OWN = ['pause', 'runc-within-bounds'] as const;

export function goIn(sh: Shell, folder: string): Go {
  const there = sh({ cwd: folder, env: { ...process.env, ...goEnv(process.env) } });
  return async (...args) => (await there`go ${args}`).stdout;
}

const SCRIPTS = sources(HERE, 'programs.ts', '../go-module.ts');
const keyOf = (name: BuildName): string => contentKey(BUILDS[name], SCRIPTS);

/** The key of each build: its versions and the scripts that do it. */
export const BUILD_KEYS: Readonly<Record<BuildName, string>> = {
  kubernetes: keyOf('kubernetes'),
  kind: keyOf('kind'),
  etcd: keyOf('etcd'),
  coredns: keyOf('coredns'),
  cni: keyOf('cni'),
};

/** The folder with a build's programs. */
export function programs(name: BuildName): string {
  return resultFolder(name, BUILD_KEYS[name]);
}

/** Builds the programs of one module, each under its own name in one folder. */
export function build(name: BuildName, sh: Shell): Promise<string> {
  const wanted: Build = BUILDS[name];
  return result(name, BUILD_KEYS[name], async (folder) => {
    const module = join(folder, 'module');
    mkdirSync(module);
    const go = goIn(sh, module);
    await writeModule(go, module, wanted);
    await buildPrograms(go, `${folder}/`, wanted.programs, wanted.how);
    rmSync(module, { recursive: true });
    const [program] = readdirSync(folder);
    if (wanted.as !== undefined && program !== undefined)
      renameSync(join(folder, program), join(folder, wanted.as));
  });
}

const ownSources = ['go.mod', ...OWN.map((name) => `${name}/main.go`)].map((name) => join('go', name));

export const OWN_KEY = contentKey(OWN, [...SCRIPTS, ...sources(HERE, ...ownSources)]);

/** The folder with our own small programs. */
export function ownPrograms(): string {
  return resultFolder('own', OWN_KEY);
}

/** Builds our own small programs; they need nothing but Go. */
export function buildOwn(sh: Shell): Promise<string> {
  return result('own', OWN_KEY, (folder) =>
    buildPrograms(
      goIn(sh, join(HERE, 'go')),
      `${folder}/`,
      OWN.map((name) => `./${name}`),
    ),
  );
}

/** The folder of kind's sources whose files a node image has. */
export async function kindFiles(sh: Shell): Promise<string> {
  mkdirSync(ROOT, { recursive: true });
  const { Dir } = await download(goIn(sh, ROOT), BUILDS.kind);
  return join(Dir, 'images/base/files');
}

/** Puts the programs that a person calls where the path does not change with their content. */
export function linkForPeople(): string {
  const folder = join(ROOT, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, program] of [
    ['kind', 'kind'],
    ['kubernetes', 'kubectl'],
  ] as const) {
    rmSync(join(folder, program), { force: true });
    symlinkSync(join(programs(name), program), join(folder, program));
  }
  return folder;
}

/** Copies programs into a folder of a root file system. */
export function installPrograms(from: string, names: readonly string[], to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of names) copyFileSync(join(from, name), join(to, name));
}
