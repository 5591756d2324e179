import { addAbortListener, once } from 'node:events';
import { judge } from '../judge/judge.ts';
import { measuredIn } from '../judge/measured.ts';
import { Observations } from '../judge/observations.ts';
import { slackOf, whyRetry } from '../judge/retry.ts';
import { judgeSymptom } from '../judge/symptom.ts';
import type { LabEntry, Teardown } from '../lab/entry.ts';
import type { Lab } from '../lab/lab.ts';
import type { Reporter } from './reporter.ts';
import type { EventOf, History } from '../schema/history.ts';
import { outcomeLine } from './outcome-line.ts';
import type { Recorder } from '../history/recorder.ts';
import { THIS_MACHINE } from './room.ts';
import { run } from './run.ts';
import type { Plan, RunContext } from './plan.ts';
import type { Hands } from '../lab/hands.ts';
import { BEGIN } from '../lab/shell.ts';
import { announce } from '../lab/standing-labs.ts';
import { oneLine } from '../util/error-text.ts';

export interface Carried {
  readonly plan: Plan;
  readonly lab: LabEntry;
  readonly recorder: Recorder;
  readonly reporter: Required<Reporter>;
  readonly say: (line: string) => void;
  /** Called for each thing that was not restored. */
  readonly onLeft: (what: string) => void;
  readonly pause: RunContext['pause'];
  /** Keep the lab after the verdict, until Ctrl-C. */
  readonly keepLab: boolean;
  readonly signal: AbortSignal;
}

/** How a run ended, and its error. */
export interface Ending extends Pick<EventOf<'end'>, 'status' | 'reason'> {
  readonly error?: unknown;
}

/** Runs a plan until it ends, fails or is interrupted. Never throws. */
export async function carryOut(carried: Carried): Promise<Ending> {
  const { plan, lab, recorder, reporter, say, onLeft, pause, keepLab, signal } = carried;
  const budget = new RestoreBudget(lab.teardown);
  const seen = (): Observations => new Observations(recorder.history);
  using _ = addAbortListener(signal, budget.start);
  const running = run(plan, {
    openLab: lab.open,
    sink: recorder.sink,
    onLeft,
    note: recorder.now,
    whyRetry: (phase) => whyRetry(seen(), phase),
    slack: () => slackOf(seen()),
    pause,
    say,
    signal,
    onSymptom: () => {
      const symptom = judgeSymptom(seen());
      reporter.symptom(symptom);
      return symptom.status;
    },
    measured: () => measuredIn(seen()),
    room: THIS_MACHINE,
    cannot: lab.cannot,
    beforeDown: async (first) => {
      if (keepLab) await hold(first, carried);
      budget.start();
    },
  });
  try {
    await Promise.race([running, budget.spent]);
    return { status: 'completed', reason: '' };
  } catch (error) {
    running.catch(() => undefined);
    if (error === budget.overdue) onLeft(budget.overdue.message);
    const reason = signal.aborted ? oneLine(signal.reason) : await reasonFor(error, lab, recorder.history);
    return { status: signal.aborted ? 'interrupted' : 'aborted', reason, error };
  } finally {
    budget.end();
  }
}

/** The time limit of restoring, apart from any deadline of the run. An interrupt does not shorten it. */
class RestoreBudget {
  readonly overdue: Error;
  readonly #budgetMs: number;
  readonly #spent = Promise.withResolvers<never>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ budgetMs, overdue }: Teardown) {
    this.overdue = new Error(overdue);
    this.#budgetMs = budgetMs;
  }

  /** Rejects with `overdue` when the time is over. */
  get spent(): Promise<never> {
    return this.#spent.promise;
  }

  readonly start = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#spent.reject(this.overdue);
    }, this.#budgetMs);
  };

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Prints commands that open a shell in the first lab, and keeps it until Ctrl-C or until it is lost. */
async function hold(lab: Lab, { recorder, say, signal }: Carried): Promise<void> {
  say(`verdict so far: ${outcomeLine(judge(recorder.history))}`);
  say('the lab stays until Ctrl-C; shells in it:');
  for (const shell of lab.shells()) say(`  ${shell}`);
  const hands = lab.hands?.();
  using _ = hands === undefined ? undefined : await findable(hands, recorder.history, say);
  const over = AbortSignal.any([signal, lab.lost]);
  if (!over.aborted) await once(over, 'abort');
}

/** Lets `tablefull shell` find the lab. */
async function findable(
  hands: Hands,
  [header]: History,
  say: Carried['say'],
): Promise<Disposable | undefined> {
  const about = `run ${header?.type === 'run' ? header.scenario : ''}`;
  try {
    const announced = await announce(hands, { about, begin: BEGIN }, process.env);
    say(`or, from another terminal: \`tablefull shell ${hands.places[0]?.name ?? ''}\``);
    return announced;
  } catch (error) {
    say(`tablefull shell can’t find it: ${oneLine(error)}`);
    return undefined;
  }
}

/** Why a run failed. If no phase began, the lab's checks may say more than the error. */
async function reasonFor(error: unknown, lab: LabEntry, history: History): Promise<string> {
  if (history.some(({ type }) => type === 'phase')) return oneLine(error);
  const checks = await lab.checks().catch(() => []);
  const missing = checks.find(({ status }) => status === 'missing');
  if (missing === undefined) return oneLine(error);
  const { name, found, fix } = missing;
  return [`${name}: ${found}`, fix].filter((part) => part !== undefined).join('; ');
}
