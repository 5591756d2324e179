import type { Lab } from '../lab/lab.ts';
import { reachesOut } from '../change/index.ts';
import { changesOf } from '../schema/protocol.ts';
import { applyFault } from './apply-fault.ts';
import { observe, type Paced } from './observe.ts';
import { Pacing } from './pace.ts';
import type { Plan, RunContext, SymptomStatus } from './plan.ts';
import { outOfReach } from './requirements.ts';
import { skip, tried, tryRemedies } from './try-remedies.ts';

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
  const made = control ? protocol.prepare : changesOf(protocol);
  const impossible = protocol.skip ?? outOfReach(made, plan, undefined, unpaced.room);
  if (impossible !== undefined) {
    for (const cycle of ['symptom', ...plan.remedies.map(({ name }) => name)])
      skip(cycle, impossible, unpaced);
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
  const context: Paced = { ...unpaced, pacing, begins, signal };

  await observeSymptom(first, plan, context);
  const symptom = context.onSymptom();
  if (!control) {
    if (symptom === 'reproduced') await tryRemedies(opened, remedies, plan, context);
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

async function observeSymptom(lab: Lab, { protocol, control }: Plan, context: Paced): Promise<void> {
  const { signal } = context;
  await using _ = await lab.reserve([protocol.fault], signal);
  context.begins(lab, 'symptom');
  await observe(lab, { cycle: 'symptom', stage: 'baseline' }, context);
  await lab.clear(signal);
  if (!control) await applyFault(lab, protocol, signal);
  await observe(lab, { cycle: 'symptom', stage: 'fault' }, context);
}
