import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { sockstat } from '../../kernel/sockstat.ts';
import type { K6 } from './schema.ts';
import type { LoadContext, LoadPod } from '../context.ts';
import { LastWords, thresholdFigures, whyEnded } from './k6-end.ts';
import { K6Output, ownBottleneck } from './k6-output.ts';
import { messageOf } from '../../util/error-text.ts';
import { waitWhile } from '../../util/wait-while.ts';

/** A sandbox has its own /run, which ends with it. */
const FOLDER = '/run/k6';
/** Time beyond the demand's, s: for k6 to start, and for its last requests. */
const PATIENCE_S = 30;
/** Maximum wait for k6's connections to close, which takes milliseconds, ms. */
const SETTLED_WITHIN_MS = 1000;
const SETTLED_POLL_MS = 5;
/** With a smaller share of the requests, k6 was the bottleneck. */
const ENOUGH = 0.98;

interface Ended {
  readonly checks: K6Output['checks'];
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A k6 script, in the network namespace of each pod. */
export async function run(load: K6, context: LoadContext): Promise<void> {
  const { outcomes, measured } = context;
  const pods = context.pods(load.pods);
  const own = pods.filter((pod) => pod.own);
  const spreadOut = new Set(pods.map(({ node }) => node)).size > 1;
  mkdirSync(FOLDER, { recursive: true });
  const settled = settling(load, context);
  const ended = await Promise.all(
    own.map((pod) => {
      const args = k6Arguments(load, urls(load, context), pod.name, pods.indexOf(pod), pods.length);
      return runIn(pod, args, load, spreadOut, context);
    }),
  );
  const due = (load.requests * own.length) / pods.length;
  if (outcomes.offered < ENOUGH * due)
    outcomes.starve(
      `the script made ${String(outcomes.offered)} of ${String(due)} requests; let it read REQUESTS and SECONDS`,
    );
  measured(scriptFigures(ended));
  await settled();
}

/**
 * Notes the current sockets, then, after k6 has ended, waits until its connections are closed. A FIN without
 * an entry would be retransmitted into the next phase.
 */
function settling({ pods, services }: K6, context: LoadContext): () => Promise<void> {
  const servers = Object.values(services).flatMap((name) => context.service(name).endpoints);
  const own = [...context.pods(pods), ...servers].filter((pod) => pod.own);
  const all = [...new Set(own.map(({ name }) => name))].map((name) => {
    const namespace = context.namespace(name);
    return { namespace, before: sockstat(namespace).inUse };
  });
  const areOpen = (): boolean => all.some(({ namespace, before }) => sockstat(namespace).inUse > before);
  const { signal } = context;
  return async () => {
    await waitWhile(areOpen, { withinMs: SETTLED_WITHIN_MS, everyMs: SETTLED_POLL_MS, signal });
  };
}

/** Runs k6 in a pod until it ends. Missing requests count as the generator's bottleneck. */
async function runIn(
  { name, node }: LoadPod,
  args: readonly string[],
  { program, seconds, timeout }: K6,
  spreadOut: boolean,
  { namespace, outcomes, held, signal }: LoadContext,
): Promise<Ended> {
  if (program === undefined) throw new Error('there is no k6; build it with `make k6`');
  // k6 stamps its samples by the wall clock.
  const began = Date.now() - outcomes.elapsed();
  const output = new K6Output(timeout * 1000, ({ end, latency, outcome }) => {
    const starved = ownBottleneck(outcome);
    if (starved !== undefined) outcomes.starve(starved);
    outcomes.reported(Math.max(0, end - began - latency), latency, outcome, spreadOut ? node : undefined);
  });
  const log = new LastWords();
  const summary = summaryOf(name);
  rmSync(summary, { force: true });
  const late = AbortSignal.timeout((seconds + PATIENCE_S) * 1000);
  const child = namespace(name).within(() =>
    spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT }),
  );
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  held.defer(kill);
  const either = AbortSignal.any([late, signal]);
  either.addEventListener('abort', kill, { once: true });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const read = Promise.all([
    eachLine(child.stdout, (line) => {
      output.take(line);
    }),
    eachLine(child.stderr, (line) => {
      log.take(line);
    }),
  ]).catch((error: unknown) => {
    kill();
    // Unread output would keep the process from closing.
    child.stdout.destroy();
    child.stderr.destroy();
    outcomes.starve(`k6’s samples can’t be read: ${messageOf(error)}`);
  });
  const [[code]] = await Promise.all([exited, read]);
  either.removeEventListener('abort', kill);
  signal.throwIfAborted();
  output.end();
  if (output.dropped > 0)
    outcomes.missed(
      output.dropped,
      `k6 dropped ${String(output.dropped)} iterations: give the script more preAllocatedVUs`,
    );
  const why = late.aborted ? `k6 did not end within ${String(seconds + PATIENCE_S)} s` : undefined;
  const unfinished = why ?? whyEnded(code, log.said);
  if (unfinished !== undefined) outcomes.starve(unfinished);
  const thresholds = existsSync(summary) ? thresholdFigures(readFileSync(summary, 'utf8')) : {};
  return { checks: output.checks, thresholds };
}

/**
 * k6's whole environment: a user's own settings (K6_VUS, …) would change the run. It must not look for
 * another k6 when it lacks an extension.
 */
const ENVIRONMENT = { HOME: FOLDER, K6_AUTO_EXTENSION_RESOLUTION: 'false' };

/**
 * Arguments of k6 in one of several pods, each with a segment of the script. k6 opens no API, contacts nobody
 * outside, and writes samples to standard output.
 *
 * @param handed variables beside the load's own: its services
 */
export function k6Arguments(
  { script, env, reuse, requests, seconds, timeout }: K6,
  handed: Readonly<Record<string, string>>,
  pod: string,
  index: number,
  count: number,
): readonly string[] {
  const variables = {
    REQUESTS: String(requests),
    SECONDS: String(seconds),
    TIMEOUT: `${String(Math.round(timeout * 1000))}ms`,
    ...handed,
    ...env,
  };
  const bounds = Array.from({ length: count + 1 }, (_, i) =>
    i === 0 ? '0' : i === count ? '1' : `${i}/${count}`,
  );
  const segment = [
    `--execution-segment=${bounds[index] ?? '0'}:${bounds[index + 1] ?? '1'}`,
    `--execution-segment-sequence=${bounds.join(',')}`,
  ];
  return [
    ...['run', '--quiet', '--no-color', '--no-usage-report', '--address='],
    ...['--out=json=-', `--summary-export=${summaryOf(pod)}`],
    `--no-connection-reuse=${String(!reuse)}`,
    ...(count > 1 ? segment : []),
    ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
    script,
  ];
}

/** Service URLs by the script's variable. */
function urls({ services }: K6, { service }: LoadContext): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(services).map(([variable, name]) => {
      const { ip, port } = service(name);
      return [variable, `http://${ip}:${String(port)}`];
    }),
  );
}

/** Over all pods: the checks, and each threshold that holds in every pod. */
export function scriptFigures(all: readonly Ended[]): Readonly<Record<string, number>> {
  const passed = all.reduce((sum, { checks }) => sum + checks.passed, 0);
  const failed = all.reduce((sum, { checks }) => sum + checks.failed, 0);
  const rates =
    passed + failed > 0
      ? { 'checks.rate': passed / (passed + failed), 'checks.failed.rate': failed / (passed + failed) }
      : {};
  const thresholds: Record<string, number> = {};
  for (const [name, holds] of all.flatMap((each) => Object.entries(each.thresholds)))
    thresholds[name] = Math.min(thresholds[name] ?? 1, holds);
  return { 'checks.passed': passed, 'checks.failed': failed, ...rates, ...thresholds };
}

function summaryOf(pod: string): string {
  return `${FOLDER}/${pod}.json`;
}

async function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) take(line);
}
