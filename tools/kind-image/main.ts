/**
 * Builds a kind node image, `kind` and `kubectl` where no image registry can be reached: Kubernetes and what belongs to it
 * from Go modules, the node from the machine's own package mirror. Seconds when nothing changed, some minutes when not.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from 'zx';
import { findProgram } from '../../src/toolchain/programs.ts';
import { dockerVersion, up } from '../docker-daemon/daemon.ts';
import { goEnv } from '../go-module.ts';
import { Needed, StepFailed, step } from '../steps.ts';
import { hasBase, makeBase } from './base-image.ts';
import { ROOT, folderSize, megabytes } from './cache.ts';
import { findNodeImage, makeNodeImage } from './node-image.ts';
import { ensure } from './packages.ts';
import { BUILD_NAMES, build, buildOwn, linkForPeople, ownPrograms, programs } from './programs.ts';
import { NODE_IMAGE } from './versions.ts';

function say(line: string): void {
  process.stderr.write(`kind-image: ${line}\n`);
}

class Interrupted extends Error {}

const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stopped.abort(new Interrupted());
  });
}

function optionsOf(name: string) {
  return { log: join(ROOT, 'logs', `${name}.log`), signal: stopped.signal, say };
}

function run<T>(name: string, work: (sh: Shell) => Promise<T>): Promise<T> {
  return step(name, optionsOf(name), work);
}

/** A step of no time, whose line nobody needs. */
function quietly<T>(name: string, work: (sh: Shell) => Promise<T>): Promise<T> {
  return step(name, { ...optionsOf(name), say: () => undefined }, work);
}

/** Docker that answers: the machine's, or one that we start. */
async function docker(sh: Shell): Promise<void> {
  await ensure(sh, ['docker'], say);
  if ((await dockerVersion(sh)) !== undefined) return;
  await ensure(sh, ['dockerd', 'containerd', 'runc', 'iptables', 'ip', 'nft'], say);
  say(`Docker ${await up(sh, stopped.signal, say)} answers`);
}

async function buildPrograms(): Promise<void> {
  // One after the other: each uses all processors.
  for (const name of BUILD_NAMES) {
    if (existsSync(programs(name))) continue;
    const folder = await run(name, (sh) => build(name, sh));
    say(`${name}: ${megabytes(folderSize(folder))}`);
  }
  if (!existsSync(ownPrograms())) await run('own', buildOwn);
}

/** Go leaves what it works on where it is when it is stopped, half a gigabyte; so that is a folder of ours. */
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
    throw new Needed('building it needs Go: install it (https://go.dev/dl), then `make kind-image` again');
  }
  if (process.getuid?.() !== 0) throw new Needed('building it takes root, for debootstrap');
  // The base waits for the network and the disk while the programs use the processors.
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
  say(`kept for the next time in ${ROOT}: ${megabytes(folderSize(ROOT))}`);
  say(`${NODE_IMAGE}: ${megabytes(image?.size ?? 0)}; kind and kubectl are in ${linkForPeople()}`);
}

try {
  await main();
} catch (thrown) {
  const error: unknown = stopped.signal.aborted ? stopped.signal.reason : thrown;
  if (error instanceof Interrupted) {
    process.exitCode = 130;
  } else {
    say(error instanceof Needed || error instanceof StepFailed ? error.message : String(error));
    process.exitCode = 2;
  }
}
