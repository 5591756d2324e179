/**
 * Builds the container image `tablefull` from this machine's own files, where no base image can be pulled:
 * this project's code, this Node, and the programs that a lab runs.
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { copyRootfs } from '../../src/lab/kind/rootfs.ts';
import { missingTools, OF_A_PERSON, OF_THE_LAB } from '../../src/lab/netns/outside/tools.ts';
import { finder, findProgram } from '../../src/toolchain/programs.ts';
import { interruptible, Needed, program, step } from '../steps.ts';

const ROOT = join(import.meta.dirname, '../..');
const IMAGE = 'tablefull';
const HOME = '/opt/tablefull';
/** The folder that a run's files are written to, for any user of the container. */
const DATA = '/data';
const CODE = [
  ...['package.json', 'package-lock.json', '.npmrc', 'tools/package.json', 'LICENSE', 'CHANGELOG.md'],
  ...['src', 'scenarios', 'schemas', 'manifests', 'docs'],
];
/** What a lab runs, and what a person in one types, lessons included. */
const TOOLS = { ...OF_THE_LAB, ...OF_A_PERSON };
/** What every machine has. */
const PROGRAMS = [
  ...['sh', 'bash', 'cat', 'chmod', 'env', 'grep', 'head', 'id', 'ls', 'mount', 'ps', 'sleep', 'tail'],
  ...Object.keys(TOOLS),
];
/** What the C library opens by name. */
const FILES = [
  '/lib*/*/libnss_{dns,files}.so*',
  '/usr/lib*/libnss_{dns,files}.so*',
  '/etc/{protocols,services}',
];
const USER = { name: 'tablefull', id: 1000 };

const stopped = interruptible();

function say(line: string): void {
  process.stderr.write(`image: ${line}\n`);
}

function run<T>(name: string, work: (sh: Shell) => Promise<T>): Promise<T> {
  const log = join(tmpdir(), `tablefull-image-${name}.log`);
  return step(name, { log, signal: stopped.signal, say }, work);
}

/** The code, which Node runs as it is, and the packages that it imports. */
async function install(sh: Shell, root: string): Promise<void> {
  const there = join(root, HOME);
  for (const name of CODE) cpSync(join(ROOT, name), join(there, name), { recursive: true });
  await sh({ cwd: there })`npm ci --omit=dev --workspaces=false --prefer-offline --no-audit --no-fund`;
}

/** Node, the programs, and the accounts of root and of an ordinary user. */
async function furnish(root: string): Promise<void> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const missing = missingTools(TOOLS, finder(path));
  if (missing !== undefined) throw new Needed(`missing: ${missing.tools.join(', ')}; ${missing.fix}`);
  const programs = PROGRAMS.map((name) => {
    const found = findProgram(name, path);
    if (found === undefined) throw new Needed(`${name} is missing, in ${path}`);
    return found;
  });
  await copyRootfs('/', root, { programs: [...programs, process.execPath], files: FILES });
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  const { name, id } = USER;
  const etc = {
    passwd: `root:x:0:0:root:/root:/bin/sh\n${name}:x:${String(id)}:${String(id)}::${DATA}:/bin/sh\n`,
    group: `root:x:0:\n${name}:x:${String(id)}:\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  };
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const [file, text] of Object.entries(etc)) writeFileSync(join(root, 'etc', file), text);
  for (const folder of ['proc', 'sys', 'dev', 'root', DATA])
    mkdirSync(join(root, folder), { recursive: true });
  chmodSync(join(root, DATA), 0o1777);
}

async function importImage(sh: Shell, root: string): Promise<string> {
  const changes = [
    `ENTRYPOINT ["node", "--no-warnings", "${HOME}/src/cli/main.ts"]`,
    'CMD ["--help"]',
    `WORKDIR ${DATA}`,
    `USER ${String(USER.id)}`,
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ].flatMap((change) => ['--change', change]);
  await sh`tar -C ${root} -c . | docker import ${changes} - ${IMAGE}`;
  return (await sh`docker image inspect --format ${'{{.Size}}'} ${IMAGE}`).stdout.trim();
}

async function main(): Promise<void> {
  if (findProgram('docker', process.env.PATH) === undefined)
    throw new Needed('docker is missing: install Docker, or use Containerfile with another builder');
  const root = mkdtempSync(join(tmpdir(), 'tablefull-image-'));
  try {
    await run('code', (sh) => install(sh, root));
    await run('programs', () => furnish(root));
    const size = await run('import', (sh) => importImage(sh, root));
    say(
      `${IMAGE}: ${String(Math.round(Number(size) / 2 ** 20))} MiB; docs/how-to/run-in-a-container.md says how to run it`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

await program(main, { signal: stopped.signal, say });
