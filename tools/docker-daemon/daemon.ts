/**
 * A Docker daemon for a machine with Docker's packages and no service manager: a container, a small virtual
 * machine. `up` first records what it changes on the machine; `down` restores it.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from 'zx';
import { bootId, isAlive, runningProcess } from '../../src/guard/owner.ts';
import { buildOwn } from '../kind-image/programs.ts';
import { Needed, explaining } from '../steps.ts';
import { readHost, restoreHost, sharedTables } from './host.ts';
import { FOLDER, forgetState, ourDaemon, readState, writeState } from './state.ts';

const LOG = join(FOLDER, 'dockerd.log');
const STARTS_MS = 60_000;
/** Docker gives its containers 15 s to end, a cluster's nodes at once. */
const STOPS_MS = 90_000;
const SYS_RESOURCE = 24n;

type Say = (line: string) => void;

/**
 * The address of Docker's own bridge, where no server listens: no container's lookup leaves the machine.
 */
const NOBODY = '172.17.0.1';

/** The daemon's version; undefined if none answers. */
export async function dockerVersion(sh: Shell): Promise<string | undefined> {
  const asked = await sh({ nothrow: true, timeout: '10s' })`docker version --format ${'{{.Server.Version}}'}`;
  return asked.exitCode === 0 ? asked.stdout.trim() : undefined;
}

/**
 * Whether the capability bounding set in the text of /proc/PID/status lacks CAP_SYS_RESOURCE, which
 * `--privileged` needs.
 */
export function lacksSysResource(status: string): boolean {
  const [, set] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return set !== undefined && (BigInt(`0x${set}`) & (1n << SYS_RESOURCE)) === 0n;
}

/** dockerd's arguments; with our runc if the machine's own would refuse privileged containers. */
async function daemonArguments(sh: Shell, say: Say): Promise<readonly string[]> {
  const dns = ['--dns', NOBODY];
  if (!lacksSysResource(readFileSync('/proc/self/status', 'utf8'))) return dns;
  say('this machine lacks CAP_SYS_RESOURCE: runc gets a wrapper that works without it');
  const name = 'runc-within-bounds';
  // A copy: a rebuild deletes the one in the cache, and the daemon still needs it.
  const wrapper = join(FOLDER, name);
  copyFileSync(join(await buildOwn(sh), name), wrapper);
  return [...dns, '--add-runtime', `${name}=${wrapper}`, '--default-runtime', name];
}

/** @throws Needed if this machine starts Docker another way, or something is missing */
async function refuse(sh: Shell): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    throw new Needed('Docker does not answer, and systemd runs here: start it with systemctl start docker');
  }
  if (process.getuid?.() !== 0) throw new Needed('Docker does not answer; starting its daemon needs root');
  if ((await sh({ nothrow: true })`dockerd --version`).exitCode !== 0) {
    throw new Needed('dockerd is missing: install the package docker.io, then run this again');
  }
}

/**
 * Starts a daemon, unless one answers. First records the machine's rules and settings, once for all starts
 * until `down`.
 *
 * @returns its version
 * @throws Needed, or Error with the end of its log
 */
export async function up(sh: Shell, signal: AbortSignal, say: Say): Promise<string> {
  const running = await dockerVersion(sh);
  if (running !== undefined) return running;
  await refuse(sh);
  if ((await sh({ nothrow: true })`iptables --version`).stdout.includes('legacy')) {
    say('this machine has the legacy iptables: `down` removes none of its rules');
  }
  const { daemon: _, ...noted } = readState() ?? { boot: bootId(), before: await readHost(sh) };
  writeState(noted);
  mkdirSync(FOLDER, { recursive: true });
  const log = openSync(LOG, 'w');
  const child = spawn('dockerd', await daemonArguments(sh, say), {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  const daemon = child.pid === undefined ? undefined : runningProcess(child.pid);
  if (daemon === undefined) throw new Error('dockerd did not start');
  writeState({ ...noted, daemon });
  const end = performance.now() + STARTS_MS;
  for (;;) {
    const version = await dockerVersion(sh);
    if (version !== undefined) return version;
    signal.throwIfAborted();
    if (!isAlive(daemon) || performance.now() > end) {
      throw new Error(
        ['dockerd does not answer:', ...explaining(readFileSync(LOG, 'utf8')), LOG].join('\n  '),
      );
    }
    await sleep(300, undefined, { signal });
  }
}

/**
 * Stops the daemon that `up` started, and only that one, and restores the machine.
 *
 * @returns a line for each thing that is not as before
 */
export async function down(sh: Shell, say: Say): Promise<readonly string[]> {
  const state = readState();
  if (state === undefined) {
    say('no daemon of ours, and nothing to restore');
    return [];
  }
  if (process.getuid?.() !== 0) throw new Needed('restoring needs root');
  const pid = ourDaemon(state);
  if (pid !== undefined && state.daemon !== undefined) {
    process.kill(pid, 'SIGTERM');
    const end = performance.now() + STOPS_MS;
    while (isAlive(state.daemon)) {
      if (performance.now() > end) throw new Error(`dockerd (process ${pid}) does not stop; its log: ${LOG}`);
      await sleep(200);
    }
    say(`stopped dockerd, process ${pid}`);
  } else if ((await dockerVersion(sh)) !== undefined) {
    throw new Needed('the running daemon is not ours: stop it first, because `down` would remove its rules');
  }
  const shared = sharedTables(state.before);
  if (shared.length > 0) say(`tables that existed before keep Docker's chains: ${shared.join(', ')}`);
  const different = await restoreHost(sh, state.before);
  if (different.length === 0) forgetState();
  return different;
}
