/**
 * HTTP generators: each sends requests on new connections, 50 at a time, for a fixed time, and reports the
 * answers.
 */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import type { NetNamespace } from '../src/kernel/netns.ts';
import { endedChildrenCpu, watchCpu } from './cpu.ts';
import { CLIENT, endOf } from './http-lab.ts';
import type { BenchLab } from './lab.ts';
import { compiled, FOLDER, k6 as findK6, program, runIn, type Found } from './programs.ts';
import type { Sample } from './work.ts';

const CONNECTIONS = 50;
const SCRIPT = fileURLToPath(new URL('./new-connections.k6.ts', import.meta.url));
const SUMMARY = `${FOLDER}/k6.json`;

/** A generator's report of its run. */
export interface Ran {
  readonly ok: number;
  readonly failed: number;
  readonly seconds: number;
}

/** An installed generator. */
export interface Generator {
  readonly run: (space: NetNamespace, ip: string, port: number, seconds: number) => Promise<Ran>;
}

/** Every other generator, in the order of the table. */
export const GENERATORS: readonly {
  readonly name: string;
  readonly find: () => Promise<Found>;
  readonly run: (path: string) => Generator['run'];
  /** CPU time of its start-up, µs, if more than some milliseconds. */
  readonly start?: (path: string) => Promise<number>;
}[] = [
  { name: 'wrk', find: () => Promise.resolve(program('wrk')), run: wrk },
  { name: 'hey', find: () => Promise.resolve(program('hey')), run: hey },
  { name: 'k6', find: () => Promise.resolve(findK6()), run: k6, start: k6Start },
  { name: 'epoll loop in C', find: () => compiled('http'), run: plain },
];

function wrk(path: string): Generator['run'] {
  return async (space, ip, port, seconds) => {
    const where = `http://${ip}:${String(port)}/`;
    const header = ['-H', 'Connection: close'];
    const run = ['-t2', `-c${String(CONNECTIONS)}`, `-d${String(seconds)}s`, '--timeout', '5s'];
    const said = await runIn(space, path, [...run, ...header, where]);
    const [, requests = '0'] = /(\d+) requests in/.exec(said) ?? [];
    const [, rate = '0'] = /Requests\/sec:\s+([\d.]+)/.exec(said) ?? [];
    const errors =
      /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(said)?.slice(1) ?? [];
    const [, refused = '0'] = /Non-2xx or 3xx responses: (\d+)/.exec(said) ?? [];
    const failed = [...errors, refused].reduce((sum, count) => sum + Number(count), 0);
    return { ok: Number(requests), failed, seconds: Number(requests) / Number(rate) };
  };
}

function hey(path: string): Generator['run'] {
  return async (space, ip, port, seconds) => {
    const run = ['-z', `${String(seconds)}s`, '-c', String(CONNECTIONS), '-disable-keepalive'];
    const said = await runIn(space, path, [...run, `http://${ip}:${String(port)}/`]);
    const [, total = '0'] = /Total:\s+([\d.]+) secs/.exec(said) ?? [];
    const [, ok = '0'] = /\[200\]\s+(\d+) responses/.exec(said) ?? [];
    const [, errors = ''] = /Error distribution:\n([\s\S]*)/.exec(said) ?? [];
    const failed = [...errors.matchAll(/\[(\d+)\]/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    return { ok: Number(ok), failed, seconds: Number(total) };
  };
}

const summarySchema = z.object({
  metrics: z.object({
    http_reqs: z.object({ count: z.number(), rate: z.number() }),
    http_req_failed: z.object({ passes: z.number() }),
  }),
});

function k6(path: string): Generator['run'] {
  return async (space, ip, port, seconds) => {
    rmSync(SUMMARY, { force: true });
    const quiet = ['--quiet', '--no-usage-report', '--address=', `--summary-export=${SUMMARY}`];
    const run = [`--vus=${String(CONNECTIONS)}`, `--duration=${String(seconds)}s`, '--no-connection-reuse'];
    const url = `--env=URL=http://${ip}:${String(port)}/`;
    await runIn(space, path, ['run', ...quiet, ...run, url, SCRIPT]);
    const { http_reqs: made, http_req_failed: failed } = summarySchema.parse(
      JSON.parse(readFileSync(SUMMARY, 'utf8')),
    ).metrics;
    return { ok: made.count - failed.passes, failed: failed.passes, seconds: made.count / made.rate };
  };
}

/** k6 compiles its script and more: half a second, which is not a cost of a request. */
async function k6Start(path: string): Promise<number> {
  const before = endedChildrenCpu();
  // A URL that fails at once costs as little as one that answers.
  const url = '--env=URL=http://127.0.0.1:9/';
  await execa(path, ['run', '--quiet', '--no-usage-report', '--address=', '--iterations=1', url, SCRIPT]);
  return endedChildrenCpu() - before;
}

const ranSchema = z.strictObject({ ok: z.number(), failed: z.number(), seconds: z.number() });

function plain(path: string): Generator['run'] {
  return async (space, ip, port, seconds) =>
    ranSchema.parse(
      JSON.parse(await runIn(space, path, [ip, String(port), String(CONNECTIONS), String(seconds)])),
    );
}

/** Runs a generator once against a service, and measures its cost. */
export async function measureGenerator(
  lab: BenchLab,
  service: string,
  server: number,
  seconds: number,
  { run, start = 0 }: { readonly run: Generator['run']; readonly start?: number },
): Promise<Sample> {
  const { ip, port } = endOf(service);
  const spent = watchCpu([server]);
  const { ok, failed, seconds: took } = await run(lab.namespace(CLIENT), ip, port, seconds);
  const { children, processes, machine, softirq } = spent();
  if (ok === 0) throw new Error('no request was answered');
  return {
    value: ok / took,
    cpu: (children - start) / ok,
    server: (processes[0] ?? 0) / ok,
    machine: (machine - start) / ok,
    softirq: softirq / machine,
    ...(failed > 0 && { note: `${String(failed)} failed` }),
  };
}
