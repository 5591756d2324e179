import { resultsOf } from '../../judge/results.ts';
import type { LabEntry } from '../../lab/entry.ts';
import { verdictAnnotations } from '../../report/github/annotations.ts';
import { runSummary } from '../../report/github/summary.ts';
import { runReporters } from '../../report/run-reporters.ts';
import { jsonReporter } from '../../report/json.ts';
import { asTyped } from '../../report/rerun.ts';
import { progressReporter } from '../../report/progress.ts';
import type { Talker } from '../../run/reporter.ts';
import { silentReporter, terminalReporter } from '../../report/terminal.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { exitCodeOf, sayCounted, sayOutcome } from '../../schema/outcome.ts';
import { execute, type Ui, type Executed, type RunRequest } from '../../run/execute.ts';
import { isPath } from '../../scenario/loader.ts';
import { environmentOf } from '../request/environment.ts';
import { againstBaseline, checkBaseline } from '../suite/baseline.ts';
import { githubJob } from '../screen/github.ts';
import { linesOf } from '../screen/lines.ts';
import { beside, openLiveView } from '../screen/live-view.ts';
import { checkFolder } from '../request/out-folder.ts';
import { askPredictions, comparedLines } from '../screen/predictions.ts';
import { labFor, requestFrom, shaped, type RunOptions } from '../request/request.ts';
import { dryRunLines } from '../request/dry-run.ts';
import { watchSignals } from '../signals.ts';
import { machineOf } from '../shared-machine.ts';
import { print, printJson, say, type VerbContext } from '../verb-context.ts';
import { repeat } from './repeat.ts';

/** `run SCENARIO`. @returns the exit code */
export async function runVerb(
  named: string,
  options: RunOptions,
  argv: readonly string[],
  context: VerbContext,
): Promise<number> {
  if (options.brief === true) say(context, '--brief is now --single-pass');
  const lab = await shaped(labFor(options.lab, context, options.reuse), options.kindConfig);
  const { squeeze = lab.squeeze } = options;
  const { realKubeProxy } = lab;
  const request = await requestFrom(named, { ...options, squeeze, realKubeProxy }, argv, context);
  if (options.dryRun) {
    const lines = await dryRunLines(request, lab, context);
    if (options.json) printJson(context, { schema: 'tablefull/dry-run/v1', lines });
    else print(context, lines.join('\n'));
    return 0;
  }
  checkFolder(options.out);
  checkBaseline(options.baseline);

  const machine = machineOf(lab, context);
  let left = options.retryInconclusive;
  const isLast = ({ outcome }: Verdict): boolean => left === 0 || outcome.headline !== 'INCONCLUSIVE';
  await using view = options.ui ? await openLiveView(context) : undefined;
  // Repeated runs print one line each.
  const reporterOnce = (): Talker => {
    if (options.repeat !== undefined) return silentReporter(context.stderr);
    const reporter = reporterFor(options, context, isLast);
    return view === undefined ? reporter : beside(reporter, view.reporter(isLast));
  };
  let reporter = reporterOnce();
  const signal = watchSignals(context.signals, (line) => {
    reporter.talk(line);
  });
  const once = (one: RunRequest): Promise<Executed> =>
    execute(one, machine, uiFor(reporter, request.script, options.quiet), signal);
  if (options.repeat !== undefined)
    return await repeat({ times: options.repeat, request, once, signal, json: options.json, context });

  const tell = (line: string): void => {
    print(context, line);
  };
  const predicted =
    options.hideExpected === true
      ? await askPredictions(request.remedies, linesOf('> ', signal), tell)
      : undefined;
  let executed = await once(request);
  for (let attempt = 2; !isLast(executed.verdict); attempt++) {
    left -= 1;
    reporter = reporterOnce();
    const out = request.out === undefined ? undefined : `${request.out}-${String(attempt)}`;
    executed = await once({ ...request, out });
  }
  explainFurther(executed.error, context);
  const { verdict } = executed;
  if (predicted !== undefined) for (const line of comparedLines(predicted, verdict)) tell(line);
  const failed = resultsOf(verdict).some(({ result }) => result === 'failed');
  const code = exitCodeOf([{ outcome: verdict.outcome, failed }], options.inconclusive);
  const github = githubJob(options, context);
  const file = isPath(named) ? github?.fileOf(named) : undefined;
  await github?.report(
    verdictAnnotations(verdict, file, code),
    runSummary(verdict, lossOf(request, lab, context)),
  );
  if (code !== executed.code) say(context, sayCounted(code));
  return againstBaseline(options.baseline, verdict.run, { code, json: options.json }, context);
}

/** The figure by which remedies are judged. */
function lossOf(
  { protocol, squeeze }: RunRequest,
  { realKubeProxy }: LabEntry,
  context: VerbContext,
): string {
  return protocol(environmentOf(squeeze, context, realKubeProxy)).symptom.loss;
}

/** @param isLast whether a verdict is the last attempt's: only that is printed */
function reporterFor(
  { json, quiet, figures, verbose }: RunOptions,
  { stdout, stderr }: VerbContext,
  isLast: (verdict: Verdict) => boolean,
): Talker {
  const progress = quiet ? silentReporter(stderr) : progressReporter(stderr, { verbose });
  const document = json ? jsonReporter(stdout) : terminalReporter(stdout, figures);
  return {
    ...progress,
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
      if (isLast(verdict)) await document.end?.(verdict, extras);
      else progress.talk(`${sayOutcome(verdict.scenario, verdict.outcome)}; ${verdict.run}; again`);
    },
  };
}

/** @param script the npm script that started this process */
function uiFor(reporter: Talker, script: string | undefined, quiet: boolean): Ui {
  const warn = (line: string): void => {
    reporter.talk(asTyped(script, line));
  };
  return {
    say: quiet ? () => undefined : warn,
    warn,
    reporters: (folder) => runReporters(folder, reporter),
  };
}

/** The reason of an aborted run is printed already; TABLEFULL_DEBUG=1 adds the stack. */
function explainFurther(error: unknown, context: VerbContext): void {
  if (error instanceof Error && context.env.TABLEFULL_DEBUG === '1')
    say(context, error.stack ?? error.message);
}
