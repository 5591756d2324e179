import type { Lab } from '../lab/lab.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { reachesOut, type Change } from '../change/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import { applyFault } from './apply-fault.ts';
import { observe, RETRIES_FOR_ALL, type Paced } from './observe.ts';
import { Pacing } from './pace.ts';
import type { Plan, RunContext, SymptomStatus } from './plan.ts';
import { outOfReach, whyNotTried } from './requirements.ts';
import { messageOf } from '../util/error-text.ts';

/** Why no remedy is tried, by the symptom's status. */
const NOT_TRIED: Readonly<Record<Exclude<SymptomStatus, 'reproduced'>, string>> = {
  'not-reproduced': 'the symptom was not reproduced: nothing to cure',
  inconclusive: 'not tried: the symptom is inconclusive',
  skipped: 'not tried: the symptom was skipped',
};

/**
 * Runs a plan: baseline, fault, then one cycle per remedy, in labs side by side. All events go to the sink.
 * The only judgement here: whether there is a symptom to cure.
 *
 * @throws Error where a lab can't be opened or is lost; the signal's reason when aborted
 */
export async function run(plan: Plan, unpaced: RunContext): Promise<void> {
  const { protocol, control, singlePass } = plan;
  if (protocol.skip !== undefined) {
    for (const cycle of ['symptom', ...plan.remedies.map(({ name }) => name)])
      skip(cycle, protocol.skip, unpaced);
    return;
  }
  const excuses = new Map<string, string>();
  const remedies = tried(plan, unpaced, excuses);
  const [excuse] = excuses;
  if (plan.remediesNamed && !control && remedies.length === 0 && excuse !== undefined) {
    skip('symptom', `none of the named remedies applies; ${excuse.join(': ')}`, unpaced);
    return;
  }
  // All labs open at once: the second is ready when the symptom is judged.
  const alone = control || singlePass || remedies.length === 0 || reachesOut([protocol.fault], plan);
  const count = alone ? 1 : Math.min(plan.labs, remedies.length);
  await using labs = new AsyncDisposableStack();
  const opening = Array.from({ length: count }, () => open(plan, unpaced));
  const settled = await Promise.allSettled(opening);
  const opened = settled.flatMap((lab) => {
    if (lab.status === 'rejected') return [];
    labs.use(lab.value.standing);
    return [lab.value.lab];
  });
  const nodes = new Map(
    settled.flatMap((lab) => (lab.status === 'rejected' ? [] : [[lab.value.lab, lab.value.nodes] as const])),
  );
  const [first] = opened;
  if (first === undefined || opened.length < count)
    throw settled.find((lab) => lab.status === 'rejected')?.reason;
  const signal = AbortSignal.any([unpaced.signal, ...opened.map(({ lost }) => lost)]);
  const pacing = await Pacing.measured(opened, plan, unpaced.note, signal);
  const begins: Paced['begins'] = (lab, cycle) => {
    unpaced.note({ type: 'namespaces', nodes: { ...nodes.get(lab) }, cycle });
  };
  const context: Paced = { ...unpaced, pacing, begins };

  await observeSymptom(first, protocol, control, context, signal);
  const symptom = context.onSymptom();
  if (!control) {
    if (symptom === 'reproduced') await tryRemedies(opened, remedies, plan, context, signal);
    else for (const { name } of remedies) skip(name, NOT_TRIED[symptom], context);
  }
  await context.beforeDown(first);
}

interface Opened {
  readonly lab: Lab;
  /** The inode number of each node's namespace. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Undoes the scenario's `prepare` and closes the lab. */
  readonly standing: AsyncDisposable;
}

/** Opens a lab and applies the scenario's `prepare`. */
async function open(plan: Plan, context: RunContext): Promise<Opened> {
  const { protocol, squeeze, privileged, seed, epoch, waitMs } = plan;
  const { openLab, onLeft, say, signal } = context;
  const nodes: Record<string, number> = {};
  const sink: RunContext['sink'] = (event) => {
    if (event.type === 'namespaces') Object.assign(nodes, event.nodes);
    context.sink(event);
  };
  const changes = plan.remedies.flatMap((remedy) => remedy.changes(protocol));
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(
    await openLab({
      ...{ protocol, changes, squeeze, privileged, seed, epoch, waitMs },
      ...{ sink, onLeft, say, signal },
    }),
  );
  for (const change of protocol.prepare) {
    const { undo } = await lab.apply(change, 'symptom', signal);
    opening.defer(async () => {
      // A lost lab is gone with its changes, or restores them itself.
      if (lab.lost.aborted) return;
      // The lab closes next and reports a failed undo where it matters.
      await undo().catch(() => undefined);
    });
  }
  return { lab, nodes, standing: opening.move() };
}

async function observeSymptom(
  lab: Lab,
  protocol: Protocol,
  control: boolean,
  context: Paced,
  signal: AbortSignal,
): Promise<void> {
  await using _ = await lab.reserve([protocol.fault], signal);
  context.begins(lab, 'symptom');
  await observe(lab, { cycle: 'symptom', stage: 'baseline' }, context, signal);
  await lab.clear(signal);
  if (!control) await applyFault(lab, protocol, signal);
  await observe(lab, { cycle: 'symptom', stage: 'fault' }, context, signal);
}

/**
 * The remedies that apply; records the others as skipped.
 *
 * @param excuses receives the reason of each skipped one
 */
function tried(plan: Plan, context: RunContext, excuses: Map<string, string>): readonly Remedy[] {
  return plan.remedies.filter((remedy) => {
    const reason = whyNotTried(remedy, plan) ?? firstOf(remedy.changes(plan.protocol), context.cannot);
    if (reason === undefined) return true;
    excuses.set(remedy.name, reason);
    if (!plan.control) skip(remedy.name, reason, context);
    return false;
  });
}

function firstOf(changes: readonly Change[], cannot: RunContext['cannot']): string | undefined {
  return changes.map(cannot).find((reason) => reason !== undefined);
}

function skip(cycle: string, reason: string, { note }: RunContext): void {
  note({ type: 'not-judged', cycle, status: 'skipped', reason });
}

/** Each lab takes the next remedy when it is free. Remedies that need the machine alone come last. */
async function tryRemedies(
  labs: readonly Lab[],
  remedies: readonly Remedy[],
  plan: Plan,
  context: Paced,
  signal: AbortSignal,
): Promise<void> {
  const { protocol } = plan;
  const isLast = (remedy: Remedy): boolean => reachesOut(remedy.changes(protocol), plan);
  const queue = [...remedies.filter((remedy) => !isLast(remedy)), ...remedies.filter(isLast)];
  const [first] = labs;
  if (plan.singlePass && first !== undefined) return series(first, queue, plan, context, signal);
  const next = queue.values();
  await Promise.all(
    labs.map(async (lab, i) => {
      if (i > 0) {
        await using _ = await lab.reserve([protocol.fault], signal);
        await applyFault(lab, protocol, signal);
      }
      for (const remedy of next) {
        // After a failed undo no further remedy may be credited with its effect.
        if (!(await cycle(lab, remedy, plan, context, signal))) return;
      }
    }),
  );
}

/**
 * Tries each remedy on a fresh table, and confirms the fault after the last. If that fails, something else
 * removed the symptom, and no remedy proved anything.
 */
async function series(
  lab: Lab,
  remedies: readonly Remedy[],
  plan: Plan,
  context: Paced,
  signal: AbortSignal,
): Promise<void> {
  for (const remedy of remedies) {
    if (!(await cycle(lab, remedy, plan, context, signal))) return;
  }
  if (remedies.length === 0) return;
  await using _ = await lab.reserve([], signal);
  await lab.clear(signal);
  context.begins(lab, 'symptom');
  await observe(lab, { cycle: 'symptom', stage: 'confirm' }, context, signal, RETRIES_FOR_ALL);
}

/** One remedy: confirm, live, fresh. In a single pass only fresh. @returns whether the lab is as before */
async function cycle(
  lab: Lab,
  remedy: Remedy,
  plan: Plan,
  context: Paced,
  signal: AbortSignal,
): Promise<boolean> {
  const failed = (error: unknown): void => {
    signal.throwIfAborted();
    const reason = messageOf(error);
    context.note({ type: 'not-judged', cycle: remedy.name, status: 'inconclusive', reason });
  };
  const measured = context.measured();
  const changes = remedy.changes(plan.protocol, measured);
  const refused = measured && outOfReach(changes, plan, measured.limit, context.memory());
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
      await tryOut(lab, remedy.name, changes, plan, applied, context, signal);
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

async function tryOut(
  lab: Lab,
  name: string,
  changes: readonly Change[],
  { singlePass }: Plan,
  applied: AsyncDisposableStack,
  context: Paced,
  signal: AbortSignal,
): Promise<void> {
  await lab.clear(signal);
  if (!singlePass) await observe(lab, { cycle: name, stage: 'confirm' }, context, signal);
  for (const change of changes) {
    const { undo } = await lab.apply(change, name, signal);
    applied.defer(undo);
  }
  // Undoing may need room in the table, for instance for ballast.
  applied.defer(() => lab.clear(new AbortController().signal));
  if (!singlePass) {
    await lab.phase(
      { cycle: name, stage: 'live' },
      { pace: context.pacing.pace, slack: context.slack() },
      signal,
    );
    await lab.clear(signal);
  }
  await observe(lab, { cycle: name, stage: 'fresh' }, context, signal);
}
