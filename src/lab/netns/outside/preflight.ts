import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { isContained } from '../../../kernel/container.ts';
import { LIMIT_FILE, mayChangeLimit } from '../../../guard/sysctls.ts';
import type { Squeeze } from '../../../change/squeezes.ts';
import { sayCheck, type Check, type Readiness } from '../../entry.ts';
import { readinessOf } from '../../readiness.ts';
import { lookAtStrain, strainCheck } from '../../strain.ts';
import { sandboxCommand } from './sandbox.ts';
import { namespaceCause, namespaceSettings } from './cause.ts';
import { finder } from '../../../toolchain/programs.ts';
import { missingTools, OF_A_PERSON, OF_THE_LAB } from './tools.ts';
import { trialStepSchema, type TrialStep } from '../trial-step.ts';
import { siblingModule } from '../../../util/sibling-module.ts';

const TRIAL = fileURLToPath(siblingModule(import.meta.url, '../inside/trial'));
const TRIAL_MS = 20_000;

/** The trial's steps that every lab needs, in order, each with its fix. */
const STEPS = {
  mount: undefined,
  namespace: undefined,
  link: 'sudo modprobe veth, or use a kernel that has it',
  rules: 'sudo modprobe -a nft_ct nft_nat, or use a kernel that has nf_tables with ct and nat',
  sysctl: 'run where /proc/sys is writable',
  ballast: 'sudo modprobe nf_conntrack_netlink, or use a kernel that has it',
} as const satisfies Record<string, string | undefined>;

/**
 * A cheap check before a run; opening the lab tries the rest.
 *
 * @throws Error in one line: what is missing, and the fix
 */
export async function preflight(squeeze: Squeeze): Promise<Readiness> {
  const tools = toolsCheck();
  if (tools.status !== 'ok') throw new Error(sayCheck(tools));
  // Until something uses conntrack there is no limit to read: the trial's first rule loads the module.
  const failed = existsSync(LIMIT_FILE)
    ? undefined
    : (await tryOut()).find(({ status }) => status === 'missing');
  if (failed) throw new Error(sayCheck(failed));
  return readinessOf('netns (embedded)', squeeze);
}

/** Every check, with a fix where one fails. Steps after a failure are not tried. */
export async function checks(): Promise<readonly Check[]> {
  const tools = toolsCheck();
  // Measured first, because the trial keeps a CPU busy.
  const strain = strainCheck(await lookAtStrain());
  return tools.status === 'ok'
    ? [tools, strain, ...(await tryOut()), limitCheck(), lessonsCheck()]
    : [tools, strain];
}

function toolsCheck(): Check {
  const missing = missingTools(OF_THE_LAB, finder(process.env.PATH ?? ''));
  if (missing === undefined) return { name: 'tools', status: 'ok', found: 'ip, nft and util-linux' };
  return {
    name: 'tools',
    status: 'missing',
    found: `${missing.tools.join(', ')} not found`,
    fix: missing.fix,
  };
}

/** No run needs these; a person in a shell of the lab does. */
function lessonsCheck(): Check {
  const missing = missingTools(OF_A_PERSON, finder(process.env.PATH ?? ''));
  const name = 'lessons';
  if (missing === undefined) return { name, status: 'ok', found: Object.keys(OF_A_PERSON).join(', ') };
  const found = `a person in a lab’s shell lacks ${missing.tools.join(', ')}`;
  return { name, status: 'limited', found, fix: missing.fix };
}

function limitCheck(): Check {
  if (mayChangeLimit()) return { name: 'limit', status: 'ok', found: 'the machine’s limit can be changed' };
  return {
    name: 'limit',
    status: 'limited',
    found:
      'without root the machine’s limit can’t be changed: raise-max is emulated, raise-buckets is skipped',
    fix: isContained() ? 'run on the machine itself, with sudo' : 'run with sudo',
  };
}

/** Runs the trial in a throwaway sandbox. */
async function tryOut(): Promise<readonly Check[]> {
  const privileged = existsSync(LIMIT_FILE) ? mayChangeLimit() : process.geteuid?.() === 0;
  const [command, ...args] = sandboxCommand(privileged, [process.execPath, '--no-warnings', TRIAL]);
  // Its standard input is the sandbox's lifeline: a pipe that stays open until the trial ends.
  const trial = execa(command, args, { reject: false, timeout: TRIAL_MS });
  const { stdout, stderr, shortMessage } = await trial;
  const steps = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [trialStepSchema.parse(JSON.parse(line))] : []));
  return checksOf(steps, stderr === '' ? (shortMessage ?? '') : (stderr.split('\n').at(-1) ?? ''));
}

/**
 * The rows of a trial.
 *
 * @param steps as far as the trial got; empty where the sandbox could not be opened
 * @param lastWords the last line of other output
 */
export function checksOf(
  steps: readonly TrialStep[],
  lastWords: string,
  settings = namespaceSettings(),
): readonly Check[] {
  const { cause, fix } = namespaceCause(settings);
  const denied = (name: string, why: string): Check => ({
    name,
    status: 'missing',
    found: `${why} (${cause})`,
    fix,
  });
  if (steps.length === 0) return [denied('namespaces', lastWords)];
  const rows: Check[] = [{ name: 'namespaces', status: 'ok', found: 'can be made' }];
  for (const [name, remedy] of Object.entries(STEPS)) {
    const step = steps.find((each) => each.name === name);
    if (step?.ok === true) {
      rows.push({ name, status: 'ok', found: 'works' });
      continue;
    }
    const why = step?.why ?? lastWords;
    return [
      ...rows,
      remedy === undefined ? denied(name, why) : { name, status: 'missing', found: why, fix: remedy },
    ];
  }
  return [...rows, ownLimit(steps)];
}

function ownLimit(steps: readonly TrialStep[]): Check {
  if (steps.some(({ name, ok }) => name === 'own-limit' && ok)) {
    return { name: 'netns-sysctl', status: 'ok', found: 'a namespace can have a maximum of its own' };
  }
  const found = 'on this kernel nf_conntrack_max is read-only in a namespace';
  return { name: 'netns-sysctl', status: 'limited', found, fix: 'use --squeeze ballast' };
}
