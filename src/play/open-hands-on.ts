import type { LabEntry } from '../lab/entry.ts';
import { headerOf, type Machine, type RunRequest } from '../run/execute.ts';
import { refusal, whyNotTried } from '../run/requirements.ts';
import { readyLab } from '../run/ready-lab.ts';
import { THIS_MACHINE } from '../run/room.ts';
import { Unavailable } from '../run/stops.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { HistoryEvent } from '../schema/history.ts';
import { HandsOnLab } from './hands-on-lab.ts';

/** Opens a hands-on lab for a request. */
export interface Opening {
  readonly request: RunRequest;
  readonly machine: Machine;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly listen: (event: HistoryEvent) => void;
}

/** @throws Unavailable where this machine can’t run the scenario */
export async function openHandsOn(
  { request, machine, say, warn, listen }: Opening,
  signal: AbortSignal,
): Promise<HandsOnLab> {
  const { lab } = machine;
  const { readiness, left } = await readyLab(machine, request.squeeze, { say, warn }, signal);
  for (const line of left) warn(`not restored after a killed run: ${line}`);
  // A lab that stands for long must not hold the machine’s limit, nor run a person’s shell as the machine’s root.
  const header = headerOf(request, lab, { ...readiness, privileged: false }, await machine.versions());
  const { protocol, squeeze, seed } = header;
  if (protocol.skip !== undefined) throw new Unavailable(`${request.scenario}: ${protocol.skip}`);
  const epoch = process.hrtime.bigint();
  const changes = request.remedies.flatMap((remedy) => remedy.changes(protocol));
  return HandsOnLab.open(
    {
      header,
      epoch,
      pace: request.pace,
      pause: machine.pause,
      listen,
      room: THIS_MACHINE,
      open: (sink) =>
        lab.open({
          ...{ protocol, changes, squeeze, privileged: false, seed, epoch, sink, say, signal },
          ...{ waitMs: request.waitMs, onLeft: warn },
        }),
    },
    say,
    signal,
  );
}

/** The remedies that can be applied on a hands-on lab, and why the others can’t. */
export function applicable(
  remedies: readonly Remedy[],
  { header }: Pick<HandsOnLab, 'header'>,
  cannot: LabEntry['cannot'],
): { readonly can: readonly Remedy[]; readonly not: readonly (readonly [name: string, why: string])[] } {
  const { protocol, squeeze } = header;
  const why = (remedy: Remedy): string | undefined =>
    whyNotTried(remedy, { protocol, squeeze, privileged: false }) ??
    refusal(remedy.changes(protocol), cannot);
  const asked = remedies.map((remedy) => ({ remedy, reason: why(remedy) }));
  return {
    can: asked.flatMap(({ remedy, reason }) => (reason === undefined ? [remedy] : [])),
    not: asked.flatMap(({ remedy, reason }) =>
      reason === undefined ? [] : [[remedy.name, reason] as const],
    ),
  };
}
