import { join } from 'node:path';
import { manifestLines } from '../../judge/manifest.ts';
import { printableLine } from '../../util/printable.ts';
import type { LabEntry } from '../../lab/entry.ts';
import { junitReporter } from '../../report/junit.ts';
import { jsonReporter } from '../../report/json.ts';
import { progressReporter } from '../../report/progress.ts';
import type { Talker } from '../../run/reporter.ts';
import { silentReporter, terminalReporter } from '../../report/terminal.ts';
import { execute, planOf, type Ui, type Executed, type Machine, type RunRequest } from '../../run/execute.ts';
import { run } from '../../run/run.ts';
import { environmentOf } from '../environment.ts';
import { checkFolder, labFor, requestFrom, type RunOptions } from '../request.ts';
import { watchSignals } from '../signals.ts';
import { print, printJson, say, type World } from '../world.ts';
import { repeat } from './repeat.ts';

/** `run SCENARIO`. @returns the exit code */
export async function runVerb(
  named: string,
  options: RunOptions,
  argv: readonly string[],
  world: World,
): Promise<number> {
  if (options.brief === true) say(world, '--brief is now --single-pass');
  const lab = labFor(options.lab, world, options.reuse);
  const { squeeze = lab.squeeze } = options;
  const { realKubeProxy } = lab;
  const request = await requestFrom(named, { ...options, squeeze, realKubeProxy }, argv, world);
  if (options.dryRun) return dryRun(request, lab, options.json, world);
  checkFolder(options.out);

  const { restoreLeftovers, openKernelLog, pause, versions } = world;
  const machine: Machine = { lab, restoreLeftovers, openKernelLog, pause, versions };
  // Repeated runs print one line each.
  const reporter = options.repeat === undefined ? reporterFor(options, world) : silentReporter(world.stderr);
  const signal = watchSignals(world.signals, (line) => {
    reporter.talk(line);
  });
  const once = (one: RunRequest): Promise<Executed> =>
    execute(one, machine, uiFor(reporter, options.quiet), signal);
  if (options.repeat !== undefined)
    return repeat({ times: options.repeat, request, once, json: options.json, world });

  const { code, error } = await once(request);
  explainFurther(error, world);
  return code;
}

function reporterFor({ json, quiet, figures }: RunOptions, world: World): Talker {
  const { stdout, stderr } = world;
  if (!json) return terminalReporter({ stdout, stderr, quiet, figures });
  const progress = quiet ? silentReporter(stderr) : progressReporter(stderr);
  const document = jsonReporter(stdout);
  return {
    ...progress,
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
      await document.end?.(verdict, extras);
    },
  };
}

function uiFor(reporter: Talker, quiet: boolean): Ui {
  const warn = (line: string): void => {
    reporter.talk(line);
  };
  return {
    say: quiet ? () => undefined : warn,
    warn,
    reporters: (folder) => [reporter, junitReporter(join(folder, 'junit.xml'))],
  };
}

/** Prints every command and sysctl change in order; does nothing. */
async function dryRun(request: RunRequest, lab: LabEntry, json: boolean, world: World): Promise<number> {
  const environment = environmentOf(request.squeeze, world, lab.realKubeProxy);
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const header = { protocol: request.protocol(environment), privileged: environment.privileged };
  const labs = lab.atOnce(request.squeeze);
  for (const { name, manifest } of request.remedies)
    for (const line of manifest === undefined ? [] : manifestLines(manifest(header.protocol)))
      write(printableLine(`# ${name} ${line}`));
  const nothing = (): void => undefined;
  await run(planOf(request, header, 1, 0n), {
    openLab: lab.rehearse(write),
    sink: nothing,
    note: (event) => {
      if (event.type === 'not-judged')
        write(printableLine(`# ${event.cycle}: ${event.status}, ${event.reason}`));
    },
    whyRetry: () => undefined,
    slack: () => 0,
    pause: () => Promise.resolve(),
    onLeft: nothing,
    say: nothing,
    signal: new AbortController().signal,
    onSymptom: () => {
      if (labs > 1)
        write(`# if the symptom shows, up to ${String(labs)} such labs try remedies side by side`);
      return 'reproduced';
    },
    beforeDown: () => Promise.resolve(),
    measured: () => undefined,
    memory: () => Infinity,
    cannot: lab.cannot,
  });
  if (json) printJson(world, { schema: 'tablefull/dry-run/v1', lines });
  else print(world, lines.join('\n'));
  return 0;
}

/** The reason of an aborted run is printed already; TABLEFULL_DEBUG=1 adds the stack. */
function explainFurther(error: unknown, world: World): void {
  if (error instanceof Error && world.env.TABLEFULL_DEBUG === '1') say(world, error.stack ?? error.message);
}
