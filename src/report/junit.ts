import { create } from 'xmlbuilder2';
import { resultsOf } from '../judge/results.ts';
import { printable } from '../util/printable.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { Result, Suite, SuiteRunResult } from '../schema/suite.ts';
import { sayOutcome, type Outcome } from '../schema/outcome.ts';
import { replaceFile } from '../util/replace-file.ts';
import { PhaseClock } from '../run/phase-clock.ts';
import type { Reporter } from '../run/reporter.ts';

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

/** A test case: one thing that must hold. */
interface Case {
  /** What must hold; the same whether it does or not, so that CI can follow it. */
  readonly name: string;
  readonly kind: Kind;
  /** What was found, and why. */
  readonly message: string;
  readonly seconds?: number;
}

/** A `<testsuite>`: one run. */
interface TestSuite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly seconds: number;
  readonly properties: Readonly<Record<string, string | number>>;
}

/** A JUnit file, for CI. @param path replaced whole; its folder must exist */
export function junitReporter(path: string): Reporter {
  const clock = new PhaseClock();
  return {
    event: (event) => {
      clock.event(event);
    },
    end: (verdict) => replaceFile(path, junitXml(verdict, clock.seconds)),
  };
}

/**
 * The verdict as JUnit XML, one test case each for the symptom, remedies and expectations. Unexpected is a
 * failure, inconclusive an error, skipped is skipped. An incomplete restore is an error of the case
 * `everything is restored`. If no case shows that the run was inconclusive or interrupted, the case `the run
 * is complete` is an error. The property `outcome` has the headline.
 *
 * @param seconds how long the phases of the symptom and of each remedy took
 */
export function junitXml(judged: Verdict, seconds: Readonly<Record<string, number>> = {}): string {
  const verdict = printable(judged);
  const { scenario, lab, kernel, run, outcome, restore } = verdict;
  const results = resultsOf(verdict).map((result) => ({
    ...caseOf(result),
    ...timeOf(result, seconds),
  }));
  return xmlOf(`tablefull.${scenario}`, [
    {
      name: `tablefull.${scenario}`,
      cases: [
        ...results,
        ...restoreCase(restore.status === 'incomplete' ? restore.left : []),
        ...runCase(outcome, results),
      ],
      seconds: verdict.seconds,
      properties: {
        outcome: sayOutcome(scenario, outcome),
        'exit-code': outcome.exitCode,
        lab,
        kernel,
        squeeze: verdict.squeeze.kind,
        run,
      },
    },
  ]);
}

/** A suite as JUnit XML: a `<testsuite>` a run. */
export function suiteJunitXml(judged: Suite): string {
  const { file, kernel, runs, restore } = printable(judged);
  const suites = runs.map((run) => suiteOf(run, file, kernel));
  const left = restoreCase(restore.left);
  const restored = left.length === 0 ? [] : [{ name: file, cases: left, seconds: 0, properties: {} }];
  return xmlOf(file, [...suites, ...restored]);
}

function suiteOf(run: SuiteRunResult, file: string, kernel: string): TestSuite {
  const { name, results, outcome, seconds, lab, line, attempts } = run;
  const cases = results.map((result) => ({
    ...caseOf(result),
    ...(result.seconds !== undefined && { seconds: result.seconds }),
  }));
  return {
    name,
    cases: [...cases, ...runCase(outcome, cases)],
    seconds,
    properties: {
      outcome: sayOutcome(name, outcome),
      'exit-code': outcome.exitCode,
      lab,
      kernel,
      place: `${file}:${String(line)}`,
      attempts,
      ...(run.run !== null && { run: run.run }),
    },
  };
}

function xmlOf(name: string, suites: readonly TestSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\u{FFFD}' }).ele(
    'testsuites',
    { name, ...tallies(all), time: rounded(suites.reduce((sum, { seconds }) => sum + seconds, 0)) },
  );
  for (const { name: of, cases, seconds, properties } of suites) {
    const suite = root.ele('testsuite', { name: of, ...tallies(cases), time: rounded(seconds) });
    const known = Object.entries(properties);
    if (known.length > 0) {
      const element = suite.ele('properties');
      for (const [key, value] of known) element.ele('property', { name: key, value });
    }
    for (const each of cases) {
      const { kind, message, seconds: took } = each;
      const time = took === undefined ? {} : { time: rounded(took) };
      const element = suite.ele('testcase', { classname: of, name: each.name, ...time });
      if (kind === 'passed') element.ele('system-out').txt(message);
      else element.ele(kind, { message });
    }
  }
  return root.end({ prettyPrint: true });
}

function tallies(cases: readonly Case[]) {
  const tally = (kind: Kind): number => cases.filter((each) => each.kind === kind).length;
  return {
    tests: cases.length,
    failures: tally('failure'),
    errors: tally('error'),
    skipped: tally('skipped'),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

const KINDS: Readonly<Record<Result['result'], Kind>> = {
  passed: 'passed',
  failed: 'failure',
  inconclusive: 'error',
  skipped: 'skipped',
};

function caseOf({ name, status, expected, reason, result }: Result): Case {
  const kind = KINDS[result];
  const message = {
    passed: `${status}: ${reason}`,
    failure: `${status}, expected ${expected}: ${reason}`,
    error: reason,
    skipped: reason,
  }[kind];
  return { name, kind, message };
}

/** The phases of a symptom or a remedy are its case’s; an expectation takes no time of its own. */
function timeOf({ about, expected }: Result, seconds: Readonly<Record<string, number>>) {
  const took = expected === 'met' ? 0 : seconds[about];
  return took === undefined ? {} : { seconds: took };
}

/** A run that was not restored must not look green in CI. */
function restoreCase(left: readonly string[]): readonly Case[] {
  if (left.length === 0) return [];
  return [{ name: 'everything is restored', kind: 'error', message: `left: ${left.join('; ')}` }];
}

/** A run that did not start or was interrupted must not look green because its first results were good. */
function runCase({ headline, summary }: Outcome, cases: readonly Case[]): readonly Case[] {
  const shown = cases.some(({ kind }) => kind === 'error');
  if (shown || headline === 'PASSED' || headline === 'FAILED') return [];
  if (headline === 'NOT RUN' && cases.length > 0) return [];
  return [{ name: 'the run is complete', kind: 'error', message: `${headline}: ${summary}` }];
}
