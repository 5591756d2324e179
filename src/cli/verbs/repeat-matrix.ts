import { join } from 'node:path';
import { combined, sayOutcome, type Outcome } from '../../schema/outcome.ts';
import { disagreements } from '../../matrix/disagreements.ts';
import type { FinishedMatrix } from '../../matrix/run-matrix.ts';
import { interruptionOf } from '../../run/stops.ts';
import type { Session } from '../matrix/session.ts';
import { print, printJson, type VerbContext } from '../verb-context.ts';

interface Repeat {
  readonly times: number;
  readonly session: Session;
  readonly once: (session: Session) => Promise<FinishedMatrix>;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly context: VerbContext;
}

/**
 * Repeats a matrix with rising seeds, each in its own folder, and lists verdicts that disagree.
 *
 * @returns the exit code of the worst outcome, at least 1 where verdicts disagree
 */
export async function repeatMatrix({ times, session, once, signal, json, context }: Repeat): Promise<number> {
  const matrices: FinishedMatrix[] = [];
  const { begun, folder } = session;
  while (matrices.length < times && !signal.aborted) {
    const n = String(matrices.length + 1);
    const asked = { ...begun.asked, seed: begun.asked.seed + matrices.length };
    const own = join(folder, n);
    const matrix = await once({
      ...session,
      begun: { ...begun, asked, startedAt: new Date().toISOString() },
      folder: own,
    });
    matrices.push(matrix);
    if (!json) print(context, `${sayOutcome(`matrix ${n} of ${String(times)}`, matrix.outcome)}; ${own}`);
  }
  const disagreeing = disagreements(matrices);
  const by = interruptionOf(signal);
  const outcomes = matrices.map((matrix) => matrix.outcome);
  const all = combined(outcomes, { noun: 'matrices', planned: times, by });
  const outcome = overall(all, disagreeing.length);
  if (json) printJson(context, { schema: 'tablefull/matrix-repeat/v1', outcome, matrices, disagreeing });
  else {
    for (const { cell, statuses } of disagreeing) print(context, `${cell}: ${statuses.join(', ')}`);
    print(
      context,
      `cells whose verdicts disagree: ${String(disagreeing.length)}, seeds from ${String(begun.asked.seed)}`,
    );
    print(context, sayOutcome('matrix', outcome));
  }
  return outcome.exitCode;
}

/** Disagreeing verdicts fail a matrix that otherwise passed. */
function overall(all: Outcome, disagreeing: number): Outcome {
  if (disagreeing === 0) return all;
  const summary = `${all.summary}; the verdicts of ${String(disagreeing)} cells disagree`;
  return all.headline === 'PASSED' ? { headline: 'FAILED', exitCode: 1, summary } : { ...all, summary };
}
