import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../../../toolchain/programs.ts';
import { namesIn } from '../../../../util/read-if-there.ts';
import { docker } from '../docker.ts';
import { imagesOn, loadInto, nodesWithout, removeFrom } from './node-images.ts';
import { buildImage, isBuilt } from './own-image.ts';
import { copyRootfs } from '../../rootfs.ts';
import { MODULE_ENDING } from '../../../../util/sibling-module.ts';

const NAME = 'tablefull/workload';
/** This project's code: the folder src or dist/src. */
const CODE = fileURLToPath(new URL('../../../../', import.meta.url));
/** npm packages that the agents use; their dependencies are added. */
const PACKAGES = ['dns-packet', 'execa', 'koffi', 'zod'] as const;
/** Programs that the agents call, by Debian's names. */
const PROGRAMS = ['chroot', 'ip', 'nft', 'sleep', 'unshare'] as const;
/** Libraries and tables that the C library opens by name. */
const FILES = [
  '/lib*/*/libnss_{dns,files}.so*',
  '/usr/lib*/libnss_{dns,files}.so*',
  '/etc/{protocols,services}',
];
const NODE = '/bin/node';

/** The path of a program in the image. */
export function appProgram(
  name: 'lab/kind/inside/guardian' | 'lab/kind/inside/node-agent' | 'server/boom-pod',
): string {
  return `/app/src/${name}${MODULE_ENDING}`;
}

/**
 * Ensures the image of agents and pods under test on these nodes: this project's code with this Node, and the
 * machine's own `nft`, `ip` and libraries. Nothing is pulled. Built once per content.
 *
 * @param extra paths of further programs of this machine, which keep them in the image
 * @returns its name
 */
export async function loadWorkloadImage(
  nodes: readonly string[],
  extra: readonly string[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const code = codeOf();
  const image = [`${NAME}:${code}`, ...extra.map(digestOf)].join('-');
  if (!(await isBuilt(image, signal))) {
    say(`building the image ${image}`);
    await buildImage(image, (root) => fill(root, extra));
    await dropOld(nodes);
  }
  const missing = await nodesWithout(image, nodes, signal);
  if (missing.length > 0) {
    say(`loading it into ${String(missing.length)} nodes`);
    await loadInto(image, missing, signal);
  }
  return image;
}

/**
 * Images kept, for working copies that alternate; each has some hundred megabytes, here and on every node.
 */
const IMAGES_KEPT = 3;

/** Deletes images of earlier code, here and on these nodes. */
async function dropOld(nodes: readonly string[]): Promise<void> {
  // Newest first.
  const here = (await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', NAME])).split('\n');
  const [kept, old] = [here.slice(0, IMAGES_KEPT), here.slice(IMAGES_KEPT)];
  if (old.length > 0) await docker(['image', 'rm', ...old]).catch(() => undefined);
  const isOld = (name: string): boolean =>
    name.includes(`${NAME}:`) && !kept.some((each) => name.endsWith(each));
  await Promise.all(
    nodes.map(async (node) => {
      await removeFrom(node, (await imagesOn(node)).filter(isOld));
    }),
  );
}

/** A hash of everything in every image. */
function codeOf(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(CODE, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith(MODULE_ENDING)) hash.update(`${file}\n`).update(readFileSync(join(CODE, file)));
  }
  hash.update([process.version, process.arch, ...packages().map(({ id }) => id), ...PROGRAMS].join('\n'));
  return hash.digest('hex').slice(0, 12);
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
}

async function fill(root: string, extra: readonly string[]): Promise<void> {
  const programs = PROGRAMS.map((name) => {
    const path = findProgram(name, process.env.PATH);
    if (path === undefined) throw new Error(`${name} is missing: \`make setup\` installs it`);
    return path;
  });
  await copyRootfs('/', root, { programs: [...programs, ...extra, process.execPath], files: FILES });
  mkdirSync(join(root, dirname(NODE)), { recursive: true });
  copyFileSync(process.execPath, join(root, NODE));
  cpSync(CODE, join(root, 'app/src'), { recursive: true });
  writeFileSync(join(root, 'app/package.json'), '{"type":"module"}\n');
  for (const { name, folder } of packages())
    cpSync(folder, join(root, 'app/node_modules', name), { recursive: true });
}

interface Package {
  readonly name: string;
  readonly folder: string;
  /** `name@version` */
  readonly id: string;
}

/** PACKAGES and their dependencies, optional ones if installed. */
function packages(): readonly Package[] {
  const found = new Map<string, Package>();
  const add = (name: string, from: string, optional: boolean): void => {
    if (found.has(name)) return;
    const folder = folderOf(name, from);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`the npm package ${name} is not installed: \`npm ci\``);
    }
    const file = join(folder, 'package.json');
    const {
      version,
      dependencies = {},
      optionalDependencies = {},
    } = JSON.parse(readFileSync(file, 'utf8')) as {
      version: string;
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    found.set(name, { name, folder, id: `${name}@${version}` });
    for (const each of Object.keys(dependencies)) add(each, file, false);
    for (const each of Object.keys(optionalDependencies)) add(each, file, true);
  };
  for (const name of PACKAGES) add(name, import.meta.url, false);
  return [...found.values()];
}

/** The folder of an npm package, resolved from a file. */
function folderOf(name: string, from: string): string | undefined {
  const paths = createRequire(from).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => namesIn(path).includes('package.json'));
}
