import { join } from 'node:path';
import { freeFolder } from '../history/store.ts';
import { resultsOf } from '../judge/results.ts';
import type { Executed } from '../run/execute.ts';
import { PhaseClock } from '../run/phase-clock.ts';
import type { Reporter } from '../run/reporter.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { Suite, SuiteRunResult } from '../schema/suite.ts';
import { interruptionOf } from '../run/stops.ts';
import { suiteOutcome } from './outcome.ts';
import { byPlace, type PlannedRun, type SuitePlan } from './plan.ts';
import { oneLine } from '../util/error-text.ts';

export interface SuiteReporter {
  begins(run: PlannedRun): Reporter;
  ended(run: PlannedRun, result: SuiteRunResult): void;
}

/** Carries out one run. @throws Unavailable where this machine can't */
type RunOnce = (run: PlannedRun, out: string, reporter: Reporter) => Promise<Executed>;

export interface SuiteContext {
  /** The suite's folder; it exists. */
  readonly folder: string;
  /**
   * The machine of the runs of one place, checked once, and how many of them may be active.
   *
   * @throws Unavailable where this machine can't run them
   */
  readonly machine: (run: PlannedRun) => Promise<{ readonly once: RunOnce; readonly count: number }>;
  /** How often an inconclusive run is repeated, at most. */
  readonly retries: number;
  readonly reporter: SuiteReporter;
  /** ms of a monotonic clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

type Begun = Omit<Suite, 'runs' | 'restore' | 'outcome' | 'exitCode' | 'seconds'>;

/**
 * Runs a suite: the runs of one lab side by side where they may, then those of the next lab. A run that this
 * machine can't carry out is NOT RUN, and the others go on.
 *
 * @param begun what is known before the first run
 */
export async function runSuite(
  plan: SuitePlan,
  begun: Begun,
  context: SuiteContext,
): Promise<Omit<Suite, 'exitCode'>> {
  const { signal, now } = context;
  const start = now();
  const results = new Map<PlannedRun, SuiteRunResult>();
  const left: string[] = [];
  for (const group of byPlace(plan.runs)) {
    if (signal.aborted) break;
    await runGroup(group, results, left, context);
  }
  const runs = plan.runs.map(
    (run) => results.get(run) ?? notRun(run, 'not started: the suite was interrupted'),
  );
  const suite = {
    ...begun,
    seconds: (now() - start) / 1000,
    runs,
    restore: { status: left.length === 0 ? ('complete' as const) : ('incomplete' as const), left },
  };
  const begunOnes = [...results.values()].map(({ outcome }) => outcome);
  return { ...suite, outcome: suiteOutcome(suite, begunOnes, interruptionOf(signal)) };
}

async function runGroup(
  group: readonly PlannedRun[],
  results: Map<PlannedRun, SuiteRunResult>,
  left: string[],
  { folder, machine, retries, reporter, signal }: SuiteContext,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const end = (run: PlannedRun, result: SuiteRunResult): void => {
    results.set(run, result);
    reporter.ended(run, result);
  };
  const giveUp = (run: PlannedRun, error: unknown): void => {
    if (!signal.aborted) end(run, notRun(run, oneLine(error)));
  };
  const ready = await machine(first).catch((error: unknown) => {
    for (const run of group) giveUp(run, error);
  });
  if (ready === undefined) return;
  const isUnclear = (run: PlannedRun): boolean => results.get(run)?.outcome.headline === 'INCONCLUSIVE';
  await sideBySide(group, {
    count: ready.count,
    alone: ({ alone }) => alone,
    again: function* () {
      for (const run of group) for (let retry = 0; retry < retries && isUnclear(run); retry++) yield run;
    },
    signal,
    work: async (run) => {
      const own = freeFolder(folder, folderName(run.name));
      try {
        const clock = new PhaseClock();
        const shown = reporter.begins(run);
        const timed: Reporter = {
          ...shown,
          event: (event) => {
            clock.event(event);
            shown.event?.(event);
          },
        };
        const { verdict } = await ready.once(run, join(folder, own), timed);
        left.push(...verdict.restore.left);
        const attempts = (results.get(run)?.attempts ?? 0) + 1;
        end(run, { ...runResult(run, verdict, clock.seconds), run: own, attempts });
      } catch (error) {
        giveUp(run, error);
      }
    },
  });
}

function runResult(
  { name, line, loss, lineOf }: PlannedRun,
  verdict: Executed['verdict'],
  took: PhaseClock['seconds'],
): Omit<SuiteRunResult, 'run' | 'attempts'> {
  const results = resultsOf(verdict).map(({ expectation, ...result }) => {
    const seconds = expectation === undefined ? took[result.about] : undefined;
    return { ...result, line: lineOf(result.about, expectation), ...(seconds !== undefined && { seconds }) };
  });
  const { scenario, lab, seconds, outcome, pace } = verdict;
  return {
    name,
    scenario,
    lab,
    line,
    seconds,
    results,
    loss,
    outcome,
    ...(pace !== undefined && { pace }),
  };
}

function notRun({ name, line, loss, request, place }: PlannedRun, summary: string): SuiteRunResult {
  return {
    name,
    scenario: request.scenario,
    lab: place.lab,
    line,
    run: null,
    attempts: 0,
    seconds: 0,
    results: [],
    loss,
    outcome: { headline: 'NOT RUN', exitCode: 2, summary },
  };
}

/** `boom-segment-below`. */
function folderName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return plain === '' ? 'run' : plain;
}
