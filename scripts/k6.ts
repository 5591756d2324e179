/**
 * Builds k6 into the user's cache, where `tablefull` looks for it. Adds the extensions that scenarios name,
 * or that `--with MODULE[@VERSION]` or `--with ./FOLDER` names. Needs Go, and gets the sources as Go
 * modules, as Go is configured. Takes a minute with warm caches, minutes without.
 *
 * @example npm run k6 -- ./mine.yaml --with github.com/NAME/xk6-NAME@v1.2.3
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { kernelVersion } from '../src/util/kernel-version.ts';
import { findK6, k6Folder, K6_VERSION as VERSION, isFolder } from '../src/toolchain/k6.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { loadLocated } from '../src/scenario/load-scenario.ts';
import { isExecutable } from '../src/toolchain/programs.ts';
import { k6Loads } from '../src/schema/protocol.ts';

const MODULE = 'go.k6.io/k6';

/** For a person; the command prints no data. */
function say(line: string): void {
  process.stderr.write(`k6: ${line}\n`);
}

/** The extensions that a scenario file's scripts import. */
async function extensionsOf(file: string): Promise<readonly string[]> {
  const environment = { kernel: kernelVersion(release()), squeeze: 'ballast', privileged: false } as const;
  const { scenario } = await loadLocated(
    file,
    { environments: [environment], given: {} },
    { scenarios: SCENARIOS },
  );
  return k6Loads(scenario.protocol({}, environment)).flatMap(([, load]) => Object.values(load.extensions));
}

/** A module as go.mod lists it: its path, its version, and the folder that replaces it. */
function required(module: string): { path: string; version: string; folder?: string } {
  if (!isFolder(module)) {
    const [path = '', version = 'latest'] = module.split('@');
    return { path, version };
  }
  const path = /^module\s+(\S+)/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))?.[1];
  if (path === undefined) throw new Error(`${module}: its go.mod has no line \`module …\``);
  return { path, version: 'v0.0.0', folder: module };
}

/** Builds k6 with its extensions, from a module of ours that requires them all. */
async function build(folder: string, modules: readonly string[]): Promise<void> {
  const all = modules.map(required);
  const program = join(folder, 'k6');
  const env = { PATH: `${process.env.PATH ?? ''}:/usr/local/go/bin`, CGO_ENABLED: '0' };
  const go = (...args: readonly string[]) => execa('go', args, { cwd: folder, env, stderr: 'inherit' });
  mkdirSync(folder, { recursive: true });
  await go('version');
  const imports = all.map(({ path }) => `import _ "${path}"\n`).join('');
  writeFileSync(
    join(folder, 'main.go'),
    `package main\n\nimport "${MODULE}/cmd"\n${imports}\nfunc main() { cmd.Execute() }\n`,
  );
  rmSync(join(folder, 'go.mod'), { force: true });
  rmSync(join(folder, 'go.sum'), { force: true });
  await go('mod', 'init', 'tablefull/k6');
  for (const { path, version, folder: own } of all)
    if (own !== undefined) await go('mod', 'edit', `-require=${path}@${version}`, `-replace=${path}=${own}`);
  const published = all.flatMap(({ path, version, folder: own }) =>
    own === undefined ? [`${path}@${version}`] : [],
  );
  say(`getting ${[`${MODULE}@v${VERSION}`, ...published].join(', ')} and their dependencies`);
  await go('get', `${MODULE}@v${VERSION}`, ...published);
  await go('mod', 'tidy');
  say('building it; the first time takes a minute or more');
  await go('build', '-trimpath', '-ldflags', '-s -w', '-o', `${program}.new`, '.');
  // A concurrent reader finds no file, or a whole one.
  renameSync(`${program}.new`, program);
}

try {
  const options = { with: { type: 'string', multiple: true } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const named = (values.with ?? []).map((module) => (isFolder(module) ? resolve(module) : module));
  const modules = [...new Set([...named, ...(await Promise.all(positionals.map(extensionsOf))).flat()])];
  const folder = k6Folder(process.env, modules);
  const there = modules.length === 0 ? findK6({ ...process.env, TABLEFULL_K6: undefined }) : undefined;
  const program = there ?? join(folder, 'k6');
  if (!isExecutable(program)) await build(folder, modules);
  const { stdout } = await execa(program, ['version']);
  say(`${stdout.replaceAll(/\s+/g, ' ').trim()} is at ${program}`);
} catch (error) {
  const { code, shortMessage, message } = error as { code?: string; shortMessage?: string; message?: string };
  say(
    code === 'ENOENT' && shortMessage !== undefined
      ? 'building it needs Go: install it (https://go.dev/dl), then run the same command again'
      : (shortMessage ?? message ?? String(error)),
  );
  process.exitCode = 2;
}
