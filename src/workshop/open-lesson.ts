import { kindOf } from '../load/index.ts';
import { sayDemand } from '../judge/words.ts';
import type { Hands } from '../lab/hands.ts';
import { announce } from '../lab/standing-labs.ts';
import { BEGIN } from '../lab/shell.ts';
import { judgeHands } from '../play/judged.ts';
import { openBench, type Opening } from '../play/open-bench.ts';
import { Unavailable } from '../run/stops.ts';
import type { Begun } from './check.ts';
import type { Written } from './lesson.ts';
import { LearnersLimit } from './learners-limit.ts';
import { offerFiles, offerMaximum, takeSnapshot } from './snapshot.ts';

/** A lab that is broken, for a learner. */
export interface OpenLesson extends AsyncDisposable {
  readonly begun: Begun;
  readonly hands: Hands;
  /** What the clients saw: `1,200 of 1,800 requests answered, (28) Connection timed out ×600`. */
  readonly failures: string;
  /** Aborts when the lab ends unexpectedly. */
  readonly lost: AbortSignal;
}

/**
 * Opens a lab, breaks it, and makes sure that it shows.
 *
 * @param about what is said of it to those who look for a lab
 * @param files what the learner may edit
 * @throws Unavailable where this machine or its kernel does not show the symptom
 */
export async function openLesson(
  opening: Opening,
  { about, files = [] }: { readonly about: string; readonly files?: readonly Written[] | undefined },
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<OpenLesson> {
  await using stack = new AsyncDisposableStack();
  const bench = stack.use(await openBench(opening, signal));
  const hands = bench.lab.hands?.();
  if (hands === undefined) throw new Unavailable('this lab can’t be entered; use --lab netns');
  await offerMaximum(hands, signal);
  await offerFiles(hands, files, signal);
  stack.use(await announce(hands, { about, begin: BEGIN }, env));
  const observation = bench.observe(await bench.offerFresh('fault'));
  const { symptom } = judgeHands(bench.history({}));
  if (symptom.status !== 'reproduced')
    throw new Unavailable(`the lab does not break here: ${symptom.reason}`);
  const { figures, phase } = observation;
  const { unit } = kindOf(bench.header.protocol.demand);
  const begun: Begun = {
    ...{ bench, hands, fault: figures },
    snapshot: await takeSnapshot(hands, signal),
    limit: new LearnersLimit(bench, hands),
  };
  const standing = stack.move();
  return {
    ...{ begun, hands },
    failures: sayDemand(figures, unit, phase.ofType('outcomes')),
    lost: bench.lab.lost,
    [Symbol.asyncDispose]: () => standing.disposeAsync(),
  };
}
