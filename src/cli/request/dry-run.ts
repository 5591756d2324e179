import { manifestLines } from '../../judge/manifest.ts';
import type { LabEntry } from '../../lab/entry.ts';
import { planOf, protocolIn, type RunRequest } from '../../run/execute.ts';
import { run } from '../../run/run.ts';
import { printableLine } from '../../util/printable.ts';
import { environmentOf } from './environment.ts';
import type { VerbContext } from '../verb-context.ts';

/** Every command and sysctl change of a run, in order; does nothing. */
export async function dryRunLines(
  request: RunRequest,
  lab: LabEntry,
  context: VerbContext,
): Promise<readonly string[]> {
  const environment = environmentOf(request.squeeze, context, lab.realKubeProxy);
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const protocol = protocolIn(lab, request.protocol(environment));
  const header = { protocol, privileged: environment.privileged };
  const labs = lab.atOnce(request.squeeze);
  for (const line of request.brings ?? []) write(printableLine(`# ${line}`));
  for (const { name, manifest } of request.remedies)
    for (const line of manifest === undefined ? [] : manifestLines(manifest(protocol)))
      write(printableLine(`# ${name} ${line}`));
  const nothing = (): void => undefined;
  await run(planOf(request, header, 1, 0n), {
    openLab: lab.rehearse(write),
    sink: nothing,
    note: (event) => {
      if (event.type === 'not-judged')
        write(printableLine(`# ${event.cycle}: ${event.status}, ${event.reason}`));
    },
    whyRetry: () => undefined,
    slack: () => 0,
    pause: () => Promise.resolve(),
    onLeft: nothing,
    say: nothing,
    signal: new AbortController().signal,
    onSymptom: () => {
      if (labs > 1)
        write(`# if the symptom shows, up to ${String(labs)} such labs try remedies side by side`);
      return 'reproduced';
    },
    beforeDown: () => Promise.resolve(),
    measured: () => undefined,
    room: { memory: () => Infinity, buckets: () => 0 },
    cannot: lab.cannot,
  });
  return lines;
}
