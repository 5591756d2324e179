import type { Suite, SuiteRunResult } from '../../../src/schema/suite.ts';

/** A run of a made-up suite, as expected: keepalive cures. */
export function runOf(name: string, change: Partial<SuiteRunResult> = {}): SuiteRunResult {
  return {
    name,
    scenario: 'saturate',
    lab: 'netns',
    line: 3,
    run: `runs/${name}`,
    attempts: 1,
    seconds: 41,
    results: [
      {
        name: 'symptom is reproduced',
        about: 'symptom',
        status: 'reproduced',
        expected: 'reproduced',
        result: 'passed',
        reason: 'for a reason',
        figures: {},
        line: 3,
      },
      {
        name: 'keepalive is cured',
        about: 'keepalive',
        status: 'cured',
        expected: 'cured',
        result: 'passed',
        reason: 'for a reason',
        figures: {},
        line: 4,
      },
    ],
    loss: 'requests.failed.rate',
    outcome: { headline: 'PASSED', exitCode: 0, summary: 'reproduced; cured by keepalive' },
    ...change,
  };
}

export function suiteOf(runs: readonly SuiteRunResult[], change: Partial<Suite> = {}): Suite {
  return {
    schema: 'tablefull/suite/v1',
    file: 'tablefull.yaml',
    kernel: '6.18.5',
    privileged: false,
    versions: { kernel: '6.18.5' },
    seed: 7,
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 61,
    runs: [...runs],
    restore: { status: 'complete', left: [] },
    outcome: { headline: 'PASSED', exitCode: 0, summary: '1 run, 2 results as expected' },
    exitCode: 0,
    ...change,
  };
}
