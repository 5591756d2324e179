import { freemem } from 'node:os';
import type { LabEntry } from '../lab/entry.ts';
import { headerOf, type Machine, type RunRequest } from '../run/execute.ts';
import { refusal, whyNotTried } from '../run/requirements.ts';
import { Unavailable, unavailable } from '../run/stops.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { HistoryEvent } from '../schema/history.ts';
import { Bench } from './bench.ts';

/** Opens a bench for a request. */
export interface Opening {
  readonly request: RunRequest;
  readonly machine: Machine;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly listen: (event: HistoryEvent) => void;
}

/** @throws Unavailable where this machine can’t run the scenario */
export async function openBench(
  { request, machine, say, warn, listen }: Opening,
  signal: AbortSignal,
): Promise<Bench> {
  const { lab } = machine;
  const { restored, left } = await machine.restoreLeftovers(signal);
  for (const line of [...restored, ...left]) warn(`of a killed run: ${line}`);
  const readiness = await lab.preflight(request.squeeze).catch(unavailable);
  if (readiness.warning !== undefined) say(readiness.warning);
  // A lab that stands for long must not hold the machine’s limit, nor run a person’s shell as the machine’s root.
  const header = headerOf(request, lab, { ...readiness, privileged: false }, await machine.versions());
  const { protocol, squeeze, seed } = header;
  if (protocol.skip !== undefined) throw new Unavailable(`${request.scenario}: ${protocol.skip}`);
  const epoch = process.hrtime.bigint();
  const changes = request.remedies.flatMap((remedy) => remedy.changes(protocol));
  return Bench.open(
    {
      header,
      epoch,
      pace: request.pace,
      pause: machine.pause,
      listen,
      memory: freemem,
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

/** The remedies that can be applied on a bench, and why the others can’t. */
export function applicable(
  remedies: readonly Remedy[],
  { header }: Pick<Bench, 'header'>,
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
