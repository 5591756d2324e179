import { reachesOut, type Change } from '../change/index.ts';
import type { Lab } from '../lab/lab.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { messageOf } from '../util/error-text.ts';
import { applyFault } from './apply-fault.ts';
import { observe, RETRIES_FOR_ALL, type Paced } from './observe.ts';
import type { Plan, RunContext } from './plan.ts';
import { outOfReach, refusal, whyNotTried } from './requirements.ts';

/**
 * The remedies that apply; records the others as skipped.
 *
 * @param excuses receives the reason of each skipped one
 */
export function tried(plan: Plan, context: RunContext, excuses: Map<string, string>): readonly Remedy[] {
  return plan.remedies.filter((remedy) => {
    const reason = whyNotTried(remedy, plan) ?? refusal(remedy.changes(plan.protocol), context.cannot);
    if (reason === undefined) return true;
    excuses.set(remedy.name, reason);
    if (!plan.control) skip(remedy.name, reason, context);
    return false;
  });
}

/** Records a cycle that is not tried. */
export function skip(cycle: string, reason: string, { note }: RunContext): void {
  note({ type: 'not-judged', cycle, status: 'skipped', reason });
}

/** Each lab takes the next remedy when it is free. Remedies that need the machine alone come last. */
export async function tryRemedies(
  labs: readonly Lab[],
  remedies: readonly Remedy[],
  plan: Plan,
  context: Paced,
): Promise<void> {
  const { protocol } = plan;
  const { signal } = context;
  const isLast = (remedy: Remedy): boolean => reachesOut(remedy.changes(protocol), plan);
  const queue = [...remedies.filter((remedy) => !isLast(remedy)), ...remedies.filter(isLast)];
  const [first] = labs;
  if (plan.singlePass && first !== undefined) return series(first, queue, plan, context);
  const next = queue.values();
  await Promise.all(
    labs.map(async (lab, i) => {
      if (i > 0) {
        await using _ = await lab.reserve([protocol.fault], signal);
        await applyFault(lab, protocol, signal);
      }
      for (const remedy of next) {
        // After a failed undo no further remedy may be credited with its effect.
        if (!(await cycle(lab, remedy, plan, context))) return;
      }
    }),
  );
}

/**
 * Tries each remedy on a fresh table, and confirms the fault after the last. If that fails, something else
 * removed the symptom, and no remedy proved anything.
 */
async function series(lab: Lab, remedies: readonly Remedy[], plan: Plan, context: Paced): Promise<void> {
  for (const remedy of remedies) {
    if (!(await cycle(lab, remedy, plan, context))) return;
  }
  if (remedies.length === 0) return;
  const { signal } = context;
  await using _ = await lab.reserve([], signal);
  await lab.clear(signal);
  context.begins(lab, 'symptom');
  await observe(lab, { cycle: 'symptom', stage: 'confirm' }, context, RETRIES_FOR_ALL);
}

/** One remedy: confirm, live, fresh. In a single pass only fresh. @returns whether the lab is as before */
async function cycle(lab: Lab, remedy: Remedy, plan: Plan, context: Paced): Promise<boolean> {
  const { signal } = context;
  const failed = (error: unknown): void => {
    signal.throwIfAborted();
    const reason = messageOf(error);
    context.note({ type: 'not-judged', cycle: remedy.name, status: 'inconclusive', reason });
  };
  const measured = context.measured();
  const changes = remedy.changes(plan.protocol, measured);
  const refused = outOfReach(changes, plan, measured?.limit, context.room);
  if (refused !== undefined) {
    skip(remedy.name, refused, context);
    return true;
  }
  const applied = new AsyncDisposableStack();
  let undone = true;
  try {
    await using _ = await lab.reserve(changes, signal);
    context.begins(lab, remedy.name);
    try {
      await tryOut(lab, { name: remedy.name, changes, singlePass: plan.singlePass }, applied, context);
    } finally {
      await applied.disposeAsync().catch((error: unknown) => {
        undone = false;
        failed(error);
      });
    }
  } catch (error) {
    failed(error);
  }
  return undone;
}

/** @param applied takes what undoes the changes */
async function tryOut(
  lab: Lab,
  { name, changes, singlePass }: { name: string; changes: readonly Change[]; singlePass: boolean },
  applied: AsyncDisposableStack,
  context: Paced,
): Promise<void> {
  const { pacing, slack, signal } = context;
  await lab.clear(signal);
  if (!singlePass) await observe(lab, { cycle: name, stage: 'confirm' }, context);
  for (const change of changes) {
    const { undo } = await lab.apply(change, name, signal);
    applied.defer(undo);
  }
  // Undoing may need room in the table, for instance for ballast.
  applied.defer(() => lab.clear(new AbortController().signal));
  if (!singlePass) {
    await lab.phase({ cycle: name, stage: 'live' }, { pace: pacing.pace, slack: slack() }, signal);
    await lab.clear(signal);
  }
  await observe(lab, { cycle: name, stage: 'fresh' }, context);
}
