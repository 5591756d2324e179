import { randomInt } from 'node:crypto';
import { release } from 'node:os';
import { join } from 'node:path';
import { newFolder } from '../../history/store.ts';
import { suiteAnnotations } from '../../report/github/annotations.ts';
import { groupedProgress } from '../../report/github/progress.ts';
import { suiteSummary } from '../../report/github/summary.ts';
import { runReporters } from '../../report/run-reporters.ts';
import { painter } from '../../report/layout.ts';
import { suiteJunitXml } from '../../report/junit.ts';
import { REPORT_FILE } from '../../report/html-report.ts';
import { asTyped } from '../../report/rerun.ts';
import { suiteProgress } from '../../report/suite-progress.ts';
import { suiteReport } from '../../report/suite-report.ts';
import { suiteScreen } from '../../report/suite-screen.ts';
import { execute } from '../../run/execute.ts';
import { NoScenario } from '../../scenario/located.ts';
import { exitCodeOf } from '../../schema/outcome.ts';
import type { Suite } from '../../schema/suite.ts';
import type { SuitePlan } from '../../suite/plan.ts';
import { SUITE_FILE } from '../../suite/read.ts';
import { runSuite, type SuiteContext } from '../../suite/run-suite.ts';
import { readSuite, STANDARD_SUITE } from '../../suite/suite-file.ts';
import { checkFolder, makeOutFolder } from '../request/out-folder.ts';
import { suggestion } from '../../util/nearest.ts';
import { jsonText, printable } from '../../util/printable.ts';
import { replaceFile } from '../../util/replace-file.ts';
import { againstBaseline, checkBaseline } from '../suite/baseline.ts';
import { UsageError } from '../exit-codes.ts';
import { githubJob } from '../screen/github.ts';
import { npmScript } from '../npm/npm-script.ts';
import { dryRunLines } from '../request/dry-run.ts';
import { labFor, SEEDS } from '../request/request.ts';
import { jobsFor, sharedMachine } from '../shared-machine.ts';
import { watchSignals } from '../signals.ts';
import { planSuite } from '../suite/plan-suite.ts';
import type { TestOptions } from '../options/test-options.ts';
import { print, printJson, printPainted, say, type VerbContext } from '../verb-context.ts';
import { oneLine } from '../../util/error-text.ts';

/** `test [FILE]`: runs a suite. @returns the exit code */
export async function testVerb(
  named: string | undefined,
  options: TestOptions,
  context: VerbContext,
): Promise<number> {
  const { out = newFolder('suite'), seed = randomInt(SEEDS) } = options;
  const plan = await planned(named ?? STANDARD_SUITE, { ...options, seed }, context);
  if (options.dryRun) return dryRun(plan, options.json, context);
  checkFolder(out);
  checkBaseline(options.baseline);
  makeOutFolder(out);
  const suite = await carriedOut(plan, out, seed, options, context);
  for (const [name, text] of filesOf(suite, out)) {
    await replaceFile(join(out, name), await text).catch((error: unknown) => {
      say(context, oneLine(error));
    });
  }
  const github = githubJob(options, context);
  await github?.report(suiteAnnotations(suite, github.fileOf(plan.file)), suiteSummary(suite));
  if (options.json) printJson(context, suite);
  else {
    const { stdout } = context;
    const shown = asTyped(suite.script, printable(suite));
    printPainted(context, suiteScreen(shown, out, stdout.columns ?? 80, painter(stdout)));
  }
  return againstBaseline(options.baseline, out, { code: suite.exitCode, json: options.json }, context);
}

/** @throws UsageError */
async function planned(
  file: string,
  { only = [], ...options }: TestOptions & { readonly seed: number },
  context: VerbContext,
): Promise<SuitePlan> {
  try {
    const plan = await planSuite(readSuite(file), options, context);
    if (only.length === 0) return plan;
    const names = plan.runs.map(({ name }) => name);
    for (const name of only) {
      if (!names.includes(name))
        throw new UsageError(`--only ${name}: unknown run of ${file}; ${suggestion(name, names)}`);
    }
    return { ...plan, runs: plan.runs.filter(({ name }) => only.includes(name)) };
  } catch (error) {
    if (error instanceof NoScenario) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function carriedOut(
  plan: SuitePlan,
  folder: string,
  seed: number,
  options: TestOptions,
  context: VerbContext,
): Promise<Suite> {
  const now = (): number => performance.now();
  const versions = await context.versions();
  const grouped = !options.quiet && githubJob(options, context) !== undefined;
  using progress = grouped
    ? groupedProgress(context.stderr)
    : suiteProgress(context.stderr, plan.runs, options.quiet, now);
  const { talk } = progress;
  const signal = watchSignals(context.signals, talk);
  const machine: SuiteContext['machine'] = async ({ place }) => {
    const lab = labFor(place.lab, context, place.reuse);
    const all = async () => ({ ...versions, ...(await lab.versions()) });
    const shared = await sharedMachine(
      { ...place, seed },
      all,
      context,
      signal,
      options.quiet ? () => undefined : talk,
    );
    return {
      count: jobsFor(options.jobs, lab, place.squeeze),
      once: (run, out, reporter) => {
        const reporters = (own: string) => runReporters(own, reporter);
        return execute(
          { ...run.request, out, waitMs: options.wait },
          shared,
          { say: () => undefined, warn: talk, reporters },
          signal,
        );
      },
    };
  };
  const script = npmScript(context.env);
  const begun = {
    schema: 'tablefull/suite/v1' as const,
    file: plan.file,
    ...(script !== undefined && { script }),
    kernel: release(),
    privileged: context.mayChangeLimit(),
    versions,
    seed,
    startedAt: new Date().toISOString(),
  };
  const { retryInconclusive: retries, inconclusive } = options;
  const suite = await runSuite(plan, begun, { folder, machine, retries, reporter: progress, now, signal });
  const { outcome, runs } = suite;
  const decided = outcome.headline === 'INTERRUPTED' || outcome.headline === 'NOT RESTORED';
  const outcomes = runs.map((run) => ({
    outcome: run.outcome,
    failed: run.results.some(({ result }) => result === 'failed'),
  }));
  return { ...suite, exitCode: decided ? outcome.exitCode : exitCodeOf(outcomes, inconclusive) };
}

/** The files in the suite's folder. */
function filesOf(
  suite: Suite,
  folder: string,
): readonly (readonly [name: string, text: string | Promise<string>])[] {
  return [
    [SUITE_FILE, `${jsonText(suite)}\n`],
    ['junit.xml', suiteJunitXml(suite)],
    [REPORT_FILE, suiteReport(suite, folder, join(folder, REPORT_FILE))],
  ];
}

/** Prints what each run would do. */
async function dryRun({ runs }: SuitePlan, json: boolean, context: VerbContext): Promise<number> {
  const all: { readonly name: string; readonly lines: readonly string[] }[] = [];
  for (const { name, request, place } of runs)
    all.push({ name, lines: await dryRunLines(request, labFor(place.lab, context, place.reuse), context) });
  if (json) printJson(context, { schema: 'tablefull/suite-dry-run/v1', runs: all });
  else print(context, all.map(({ name, lines }) => [`# ${name}`, ...lines].join('\n')).join('\n'));
  return 0;
}
