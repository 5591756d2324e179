import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** A step of a workflow or of a composite action. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Job {
  readonly steps: readonly Step[];
  /** The repository that is checked out, and the folder for everything beside it. */
  readonly workspace: string;
  readonly temp: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a job left. */
export interface Done {
  readonly ok: boolean;
  /** Both streams: GitHub reads commands in both. */
  readonly log: string;
  readonly summary: string;
  /** The paths that were uploaded. */
  readonly uploaded: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs the steps of a job as a runner of GitHub does, with the variables that it sets. Of actions only the
 * upload is carried out; a checkout and Node are there already. Knows the expressions and conditions that
 * our files use, and refuses others.
 */
export async function runSteps({ steps, workspace, temp, inputs = {}, env = {} }: Job): Promise<Done> {
  const runner = join(temp, 'runner');
  const bin = join(temp, 'bin');
  for (const folder of [runner, bin]) mkdirSync(folder, { recursive: true });
  // Runners let everybody use sudo; here it is not installed, and the tests are root or stay who they are.
  const sudo = join(bin, 'sudo');
  writeFileSync(sudo, '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n');
  chmodSync(sudo, 0o755);
  const summary = join(temp, 'summary.md');
  writeFileSync(summary, '');
  const outputs: Record<string, string> = {};
  const uploaded: string[] = [];
  let [ok, log] = [true, ''];
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      const value = { ...outputsOf(outputs), ...inputsOf(inputs), 'runner.temp': runner }[expression];
      if (value === undefined) throw new Error(`unknown expression ${expression}`);
      return value;
    });
  for (const [i, step] of steps.entries()) {
    if (!ok && step.if?.startsWith('always()') !== true) continue;
    if (step.uses?.startsWith('actions/upload-artifact@') === true) {
      const path = filled(step.with?.path ?? '');
      if (existsSync(path)) uploaded.push(path);
    } else if (step.run !== undefined) {
      const output = join(temp, `output-${String(i)}`);
      writeFileSync(output, '');
      const done = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', filled(step.run)], {
        cwd: workspace,
        reject: false,
        all: true,
        env: {
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: workspace,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_OUTPUT: output,
          RUNNER_TEMP: runner,
          PATH: `${bin}:${process.env.PATH ?? ''}`,
          ...env,
          ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text)])),
        },
      });
      log += `${done.all}\n`;
      ok &&= done.exitCode === 0;
      for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean)) {
        const [name = '', value = ''] = line.split(/=(.*)/);
        outputs[`${step.id ?? ''}.${name}`] = value;
      }
    } else if (!/^actions\/(checkout|setup-node)@/.test(step.uses ?? '')) {
      throw new Error(`unknown action ${String(step.uses)}`);
    }
  }
  return { ok, log, summary: readFileSync(summary, 'utf8'), uploaded, outputs };
}

function outputsOf(outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const [id = '', name = ''] = key.split('.');
      return [`steps.${id}.outputs.${name}`, value];
    }),
  );
}

function inputsOf(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]));
}
