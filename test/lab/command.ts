import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { TestRunner } from 'vitest';
import { note } from './reruns.ts';
import { verdictSchema, type Verdict } from '../../src/schema/verdict.ts';

export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const MARKER = 'TABLEFULL_TEST_RUN';

export type As = 'root' | 'nobody';

/**
 * Users that a test can run as: root only if the tests do; without root, the own user stands for nobody.
 */
export const isRoot = process.getuid?.() === 0;
export const PEOPLE: readonly As[] = isRoot ? ['nobody', 'root'] : ['nobody'];

/** The words before a command that run it as a user. */
export function dropTo(as: As): readonly string[] {
  if (as === 'root' || !isRoot) return [];
  return ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
}

/** A world-writable folder that is deleted after the test. */
export function scratch(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tablefull-test-'));
  chmodSync(path, 0o777);
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Ends a command, so that it restores, when its test's time is over. */
export function untilTimeout(): { readonly cancelSignal?: AbortSignal } {
  const signal = TestRunner.getCurrentTest()?.context.signal;
  return signal === undefined ? {} : { cancelSignal: signal };
}

/**
 * A running tablefull command; every process that it starts has its marker in the environment.
 *
 * @param before words before it: those of a slow machine (quota.ts)
 */
export function start(args: readonly string[], as: As, cwd: string, before: readonly string[] = []) {
  const marker = randomUUID();
  const [file = '', ...rest] = [...before, ...dropTo(as), process.execPath, MAIN, ...args];
  return {
    marker,
    process: execa(file, rest, {
      ...{ cwd, reject: false, env: { [MARKER]: marker, NO_COLOR: '1' } },
      ...untilTimeout(),
    }),
  };
}

export async function command(
  args: readonly string[],
  as: As = 'nobody',
  before: readonly string[] = [],
): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  using folder = scratch();
  const { exitCode, stdout, stderr } = await start(args, as, folder.path, before).process;
  return { code: exitCode, stdout, stderr };
}

export interface Judged {
  readonly code: number | undefined;
  readonly verdict: Verdict;
}

/**
 * The verdict of a whole run. @param before words before the command: those of a slow machine (quota.ts)
 */
export async function verdict(
  args: readonly string[],
  as: As = 'nobody',
  before: readonly string[] = [],
): Promise<Judged> {
  return await conclusive(() => anyVerdict(args, as, before));
}

/** As `verdict`, of one run, inconclusive or not. */
export async function anyVerdict(
  args: readonly string[],
  as: As = 'nobody',
  before: readonly string[] = [],
): Promise<Judged> {
  const { code, stdout, stderr } = await command(['run', ...args, '--json', '--quiet'], as, before);
  return judged(code, stdout, `run ${args.join(' ')}: ${stderr}`);
}

/** The verdict of a whole run in a folder with these files. */
export async function verdictWith(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  as: As = 'nobody',
): Promise<Judged> {
  using folder = scratch();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder.path, name), content);
  return await conclusive(async () => {
    const words = ['run', ...args, '--json', '--quiet'];
    const { exitCode, stdout, stderr } = await start(words, as, folder.path).process;
    return judged(exitCode, stdout, `${words.join(' ')}: ${stderr}`);
  });
}

/** @throws Error with the account if there is no verdict */
export function judged(code: number | undefined, stdout: string, account: string): Judged {
  try {
    return { code, verdict: verdictSchema.parse(JSON.parse(stdout)) };
  } catch (error) {
    throw new Error(`no verdict (exit ${String(code)}): ${account}\n${stdout}`, { cause: error });
  }
}

/**
 * A conclusive verdict, from at most two runs: an inconclusive one, on a busy machine, says nothing about
 * the tested code. Prints the reason of an inconclusive run, for readers of a log.
 */
export async function conclusive(run: () => Promise<Judged>): Promise<Judged> {
  note('run');
  const first = await run();
  const unclear = surprises(first.verdict).filter(({ status }) => status === 'inconclusive');
  for (const each of surprises(first.verdict)) console.warn(JSON.stringify(each));
  if (unclear.length === 0) return first;
  note('rerun');
  return await run();
}

function surprises({ scenario, symptom, remedies, expectations = [] }: Verdict) {
  return [
    ...(symptom.status === symptom.expected || symptom.status === 'skipped'
      ? []
      : [{ name: scenario, ...symptom }]),
    ...remedies.filter(({ status, expected }) => status !== expected && status !== 'skipped'),
    ...expectations.filter(({ status }) => status === 'inconclusive'),
  ].map(({ figures: _, ...rest }) => rest);
}

/** Each remedy's status, by name. */
export function statuses(verdict: Verdict): Record<string, string> {
  return Object.fromEntries(verdict.remedies.map(({ name, status }) => [name, status]));
}

/** The live processes of a command, zombies included until they are reaped. */
export function processesOf(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${MARKER}=${marker}`)
          ? [Number(pid)]
          : [];
      } catch {
        return [];
      }
    });
}
