/** Other generators and servers, and the plain C loops, with instructions for missing ones. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { NetNamespace } from '../src/kernel/netns.ts';
import { findK6 } from '../src/toolchain/k6.ts';
import { findProgram } from '../src/toolchain/programs.ts';

/** In a sandbox /run is private and ends with the sandbox. */
export const FOLDER = '/run/bench';

/** A program's path, or how to install it. */
export type Found = { readonly path: string } | { readonly why: string };

const INSTALL = {
  wrk: 'apt-get install wrk',
  hey: 'apt-get install hey',
  trafgen: 'apt-get install netsniff-ng',
  nginx: 'apt-get install nginx-light',
  conntrack: 'apt-get install conntrack',
} as const;

/** A program of the system. */
export function program(name: keyof typeof INSTALL): Found {
  const path = findProgram(name, process.env.PATH);
  return path === undefined ? { why: `not installed: ${INSTALL[name]}` } : { path };
}

export function k6(): Found {
  const path = findK6(process.env);
  return path === undefined ? { why: 'not built: make k6' } : { path };
}

/** Builds a C file of bench/c into the sandbox. */
export async function compiled(name: string): Promise<Found> {
  const cc = findProgram('cc', process.env.PATH);
  if (cc === undefined) return { why: 'no C compiler: apt-get install gcc libc6-dev' };
  const source = fileURLToPath(new URL(`./c/${name}.c`, import.meta.url));
  const path = `${FOLDER}/${name}`;
  if (!existsSync(path)) {
    const result = await execa(cc, ['-O2', '-Wall', '-o', path, source], { reject: false });
    if (result.failed) return { why: `${name}.c does not compile: ${result.stderr.split('\n')[0] ?? ''}` };
  }
  return { path };
}

/**
 * Runs a program in a namespace until it ends. @returns its output @throws Error with its message if it
 * fails
 */
export async function runIn(space: NetNamespace, path: string, args: readonly string[]): Promise<string> {
  const child = space.within(() => spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0)
    throw new Error(`${path} ended with ${String(code ?? signal)}: ${err.trim().split('\n').at(-1) ?? ''}`);
  return out;
}

/** Starts a server in a namespace; it ends with the sandbox. */
export function serveIn(space: NetNamespace, path: string, args: readonly string[]): ChildProcess {
  return space.within(() => spawn(path, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
}
