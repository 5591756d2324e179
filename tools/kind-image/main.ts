/**
 * Builds a kind node image, `kind` and `kubectl` without an image registry: Kubernetes and its parts from
 * Go modules, the node from the machine's own package mirror. Takes seconds if nothing changed, some
 * minutes otherwise.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { findProgram } from '../../src/toolchain/programs.ts';
import { dockerVersion, up } from '../docker-daemon/daemon.ts';
import { goEnv } from '../go-module.ts';
import { interruptible, Needed, program, step } from '../steps.ts';
import { hasBase, makeBase } from './base-image.ts';
import { ROOT, folderSize, megabytes } from './cache.ts';
import { findNodeImage, makeNodeImage } from './node-image.ts';
import { ensure } from './packages.ts';
import { BUILD_NAMES, build, buildOwn, linkForPeople, ownPrograms, programs } from './programs.ts';
import { NODE_IMAGE } from './versions.ts';

function say(line: string): void {
  process.stderr.write(`kind-image: ${line}\n`);
}

const stopped = interruptible();

function optionsOf(name: string) {
  return { log: join(ROOT, 'logs', `${name}.log`), signal: stopped.signal, say };
}

function run<T>(name: string, work: (sh: Shell) => Promise<T>): Promise<T> {
  return step(name, optionsOf(name), work);
}

/** A step too short for a line. */
function quietly<T>(name: string, work: (sh: Shell) => Promise<T>): Promise<T> {
  return step(name, { ...optionsOf(name), say: () => undefined }, work);
}

/** Ensures that Docker answers: the machine's, or one that we start. */
async function docker(sh: Shell): Promise<void> {
  await ensure(sh, ['docker'], say);
  if ((await dockerVersion(sh)) !== undefined) return;
  await ensure(sh, ['dockerd', 'containerd', 'runc', 'iptables', 'ip', 'nft'], say);
  say(`Docker ${await up(sh, stopped.signal, say)} answers`);
}

async function buildPrograms(): Promise<void> {
  // In sequence: each uses all processors.
  for (const name of BUILD_NAMES) {
    if (existsSync(programs(name))) continue;
    const folder = await run(name, (sh) => build(name, sh));
    say(`${name}: ${megabytes(folderSize(folder))}`);
  }
  if (!existsSync(ownPrograms())) await run('own', buildOwn);
}

/** A stopped Go leaves half a gigabyte in its work folder, so give it one that we delete. */
async function withGoWork(work: () => Promise<void>): Promise<void> {
  const folder = join(ROOT, 'go-work');
  mkdirSync(folder, { recursive: true });
  process.env.GOTMPDIR = folder;
  try {
    await work();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function buildBase(): Promise<void> {
  await run('packages', (sh) => ensure(sh, ['debootstrap', 'tar', 'gzip'], say));
  await run('base', async (sh) => {
    if (!(await hasBase(sh))) await makeBase(sh);
  });
}

async function buildAll(): Promise<void> {
  if (findProgram('go', goEnv(process.env).PATH) === undefined) {
    throw new Needed(
      'building the image needs Go: install it (https://go.dev/dl), then run `make kind-image` again',
    );
  }
  if (process.getuid?.() !== 0) throw new Needed('building the image needs root, for debootstrap');
  // The base waits for network and disk while the programs use the processors.
  const tracks = [() => withGoWork(buildPrograms), buildBase].map((track) =>
    track().catch((error: unknown) => {
      stopped.abort(error);
    }),
  );
  await Promise.all(tracks);
  stopped.signal.throwIfAborted();
  await run('node', makeNodeImage);
}

async function main(): Promise<void> {
  await quietly('docker', docker);
  const found = await quietly('look', findNodeImage);
  const linked = BUILD_NAMES.every((name) => existsSync(programs(name)));
  if (found?.current !== true || !linked) await buildAll();
  const image = await quietly('look', findNodeImage);
  say(`cached in ${ROOT}: ${megabytes(folderSize(ROOT))}`);
  say(`${NODE_IMAGE}: ${megabytes(image?.size ?? 0)}; kind and kubectl are in ${linkForPeople()}`);
}

await program(main, { signal: stopped.signal, say });
