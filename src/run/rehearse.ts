import type { LabOptions, OpenLab } from '../lab/lab.ts';
import type { Stage } from './history.ts';
import { unmet } from './requirements.ts';
import type { Plan } from './run.ts';

/**
 * Goes through a plan as `run` does, for a lab that only writes down what it is asked: `--dry-run`. Remedies come
 * one after the other, as if the symptom had shown.
 */
export async function rehearse(plan: Plan, openLab: OpenLab, write: (line: string) => void): Promise<void> {
  const { protocol, control, remedies, labs } = plan;
  const { signal } = new AbortController();
  const options: LabOptions = { ...plan, signal, sink: () => undefined, onLeft: () => undefined };
  await using lab = await openLab(options);
  {
    await using _ = await lab.reserve([protocol.fault], signal);
    await lab.phase({ cycle: 'symptom', stage: 'baseline' }, signal);
    await lab.clear(signal);
    if (!control) await lab.apply(protocol.fault, 'symptom', signal);
    await lab.phase({ cycle: 'symptom', stage: 'fault' }, signal);
  }
  if (control) return;
  const tried = remedies.filter((remedy) => {
    const reason = unmet(remedy, plan);
    if (reason !== undefined) write(`# ${remedy.name}: skipped, ${reason}`);
    return reason === undefined;
  });
  if (labs > 1 && tried.length > 1) {
    write(
      `# if the symptom shows, these are tried in ${String(Math.min(labs, tried.length))} such labs side by side:`,
    );
  }
  for (const { name, changes: changesFor } of tried) {
    const changes = changesFor(protocol);
    write(`# ${name}`);
    const phase = (stage: Stage): Promise<void> => lab.phase({ cycle: name, stage }, signal);
    await using _ = await lab.reserve(changes, signal);
    await lab.clear(signal);
    await phase('seen-again');
    await using applied = new AsyncDisposableStack();
    for (const change of changes) {
      const { undo } = await lab.apply(change, name, signal);
      applied.defer(undo);
    }
    await phase('in-flight');
    await lab.clear(signal);
    await phase('refilled');
  }
}
