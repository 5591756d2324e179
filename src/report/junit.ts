import { create } from 'xmlbuilder2';
import { printable } from '../util/printable.ts';
import type { RemedyVerdict, Verdict } from '../schema/verdict.ts';
import { sayOutcome } from '../schema/outcome.ts';
import { replaceFile } from '../util/replace-file.ts';
import type { Reporter } from '../run/reporter.ts';

type Case = Pick<RemedyVerdict, 'name' | 'reason'> & { readonly status: string; readonly expected: string };
type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** A JUnit file, for CI. @param path replaced whole; its folder must exist */
export function junitReporter(path: string): Reporter {
  return { end: (verdict) => replaceFile(path, junitXml(verdict)) };
}

/**
 * The verdict as JUnit XML, one test case each for the symptom, remedies and expectations. Unexpected is a
 * failure, inconclusive an error, skipped is skipped. An incomplete restore is an error of the case
 * `restore`. If no case shows that the run was inconclusive or interrupted, the case `run` is an error. The
 * property `outcome` has the headline.
 */
export function junitXml(judged: Verdict): string {
  const verdict = printable(judged);
  const results = [
    { name: 'symptom', ...verdict.symptom },
    ...verdict.remedies,
    ...expectationCases(verdict),
    ...restoreCase(verdict),
  ];
  const cases = [...results, ...runCase(verdict, results)];
  const outcomes = cases.map(outcomeOf);
  const tally = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
  const suite = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\u{FFFD}' })
    .ele('testsuites')
    .ele('testsuite', {
      name: `tablefull.${verdict.scenario}`,
      tests: cases.length,
      failures: tally('failure'),
      errors: tally('error'),
      skipped: tally('skipped'),
      time: verdict.seconds,
    });
  const properties = suite.ele('properties');
  const { lab, kernel, run, outcome } = verdict;
  const known = {
    outcome: sayOutcome(verdict.scenario, outcome),
    'exit-code': outcome.exitCode,
    lab,
    kernel,
    squeeze: verdict.squeeze.kind,
    run,
  };
  for (const [name, value] of Object.entries(known)) {
    properties.ele('property', { name, value });
  }
  cases.forEach((each, i) => {
    const element = suite.ele('testcase', { classname: `tablefull.${verdict.scenario}`, name: each.name });
    const outcome = outcomes[i] ?? 'error';
    if (outcome === 'passed') element.ele('system-out').txt(`${each.status}: ${each.reason}`);
    else element.ele(outcome, { message: messageOf(outcome, each) });
  });
  return suite.end({ prettyPrint: true });
}

function outcomeOf({ status, expected }: Case): Outcome {
  if (status === 'skipped') return 'skipped';
  if (status === 'inconclusive') return 'error';
  return status === expected ? 'passed' : 'failure';
}

function messageOf(outcome: Outcome, { status, expected, reason }: Case): string {
  return outcome === 'failure' ? `${status}, expected ${expected}: ${reason}` : reason;
}

function expectationCases({ expectations = [] }: Verdict): readonly Case[] {
  return expectations.map(({ phase, expectation, status, reason }) => {
    return { name: `${phase}: ${expectation}`, status, expected: 'met', reason };
  });
}

/** A run that was not restored must not look green in CI. */
function restoreCase({ restore }: Verdict): readonly Case[] {
  if (restore.status !== 'incomplete') return [];
  return [
    {
      name: 'restore',
      status: 'inconclusive',
      expected: 'complete',
      reason: `left: ${restore.left.join('; ')}`,
    },
  ];
}

/** An interrupted run must not look green because its first results were good. */
function runCase({ outcome }: Verdict, results: readonly Case[]): readonly Case[] {
  const shown = results.some((each) => outcomeOf(each) === 'error');
  const { headline, summary } = outcome;
  if (shown || headline === 'PASSED' || headline === 'FAILED' || headline === 'NOT RUN') return [];
  return [{ name: 'run', status: 'inconclusive', expected: 'completed', reason: `${headline}: ${summary}` }];
}
