import { kindOf } from '../load/index.ts';
import { sayDemand } from '../judge/words.ts';
import type { Hands } from '../lab/hands.ts';
import type { ClusterAccess } from '../lab/lab.ts';
import { announce } from '../lab/standing-labs.ts';
import { BEGIN } from '../lab/shell.ts';
import type { HandsOnLab } from '../play/hands-on-lab.ts';
import { judgeHands } from '../play/judged.ts';
import { openHandsOn, type Opening } from '../play/open-hands-on.ts';
import { Unavailable } from '../run/stops.ts';
import type { Begun, ByHand } from './check.ts';
import { difference } from './difference.ts';
import type { Written } from './lesson.ts';
import { LearnersLimit } from './learners-limit.ts';
import { offerFiles, offerMaximum, takeSnapshot } from './snapshot.ts';

/** A lab that is broken, however it is entered. */
export interface BrokenLab extends AsyncDisposable {
  readonly begun: Begun;
  /** What the clients saw: `1,200 of 1,800 requests answered, (28) Connection timed out ×600`. */
  readonly failures: string;
  /** Aborts when the lab ends unexpectedly. */
  readonly lost: AbortSignal;
}

/** A lab that is broken, for a learner with shells in its nodes and pods. */
export interface OpenLesson extends BrokenLab {
  readonly hands: Hands;
}

/** A cluster that is broken, for a learner with kubectl. */
export interface OpenCluster extends BrokenLab {
  readonly cluster: ClusterAccess;
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
  const handsOn = stack.use(await openHandsOn(opening, signal));
  const hands = handsOn.lab.hands?.();
  if (hands === undefined) throw new Unavailable('this lab can’t be entered; use --lab netns');
  await offerMaximum(hands, signal);
  await offerFiles(hands, files, signal);
  stack.use(await announce(hands, { about, begin: BEGIN }, env));
  const broken = await shown(handsOn);
  const byHand = await following(handsOn, hands, signal);
  return { ...broken, begun: { ...broken.begun, byHand }, hands, ...standing(stack.move()) };
}

/** The same in a cluster. What the learner does there shows by the demand alone. */
export async function openCluster(opening: Opening, signal: AbortSignal): Promise<OpenCluster> {
  await using stack = new AsyncDisposableStack();
  const handsOn = stack.use(await openHandsOn(opening, signal));
  const cluster = handsOn.lab.cluster?.();
  if (cluster === undefined) throw new Unavailable('this lab is not a cluster; use --lab kind');
  await cluster.bringTools(signal);
  return { ...(await shown(handsOn)), cluster, ...standing(stack.move()) };
}

/** @throws Unavailable where the symptom does not show */
async function shown(handsOn: HandsOnLab): Promise<Omit<BrokenLab, typeof Symbol.asyncDispose>> {
  const { figures, phase } = handsOn.observe(await handsOn.offerFresh('fault'));
  const { symptom } = judgeHands(handsOn.history({}));
  if (symptom.status !== 'reproduced')
    throw new Unavailable(`the lab does not break here: ${symptom.reason}`);
  const { unit } = kindOf(handsOn.header.protocol.demand);
  return {
    begun: { handsOn, fault: figures, byHand: undefined },
    failures: sayDemand(figures, unit, phase.ofType('outcomes')),
    lost: handsOn.lab.lost,
  };
}

async function following(
  handsOn: HandsOnLab,
  hands: Hands,
  begun: AbortSignal,
): Promise<(signal: AbortSignal) => Promise<ByHand>> {
  const before = await takeSnapshot(hands, begun);
  const limit = new LearnersLimit(handsOn, hands);
  return async (signal) => ({
    difference: difference(before, await takeSnapshot(hands, signal)),
    said: await limit.follow(signal),
  });
}

function standing(stack: AsyncDisposableStack): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
