import { join } from 'node:path';
import { combined, sayOutcome } from '../../schema/outcome.ts';
import type { Verdict } from '../../schema/verdict.ts';
import type { Executed, RunRequest } from '../../run/execute.ts';
import { outcomeLine } from '../../run/outcome-line.ts';
import { interruptionOf } from '../../run/stops.ts';
import { print, printJson, type VerbContext } from '../verb-context.ts';

interface Repeat {
  readonly times: number;
  readonly request: RunRequest;
  readonly once: (request: RunRequest) => Promise<Executed>;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly context: VerbContext;
}

/**
 * Repeats a request with rising seeds to show how steady its verdicts are: a line each, and a summary.
 *
 * @returns the exit code of the worst outcome
 */
export async function repeat({ times, request, once, signal, json, context }: Repeat): Promise<number> {
  const runs: Verdict[] = [];
  while (runs.length < times && (runs.length === 0 || !signal.aborted)) {
    const n = String(runs.length + 1);
    const out = request.out === undefined ? undefined : join(request.out, n);
    const { verdict } = await once({ ...request, out, seed: request.seed + runs.length });
    runs.push(verdict);
    if (!json)
      print(
        context,
        `run ${n} of ${String(times)}: ${verdict.outcome.headline}: ${outcomeLine(verdict)}; ${verdict.run}`,
      );
  }
  const differing = runs.filter((verdict) => outcomeLine(verdict) !== outcomeLine(runs[0] ?? verdict)).length;
  const all = combined(
    runs.map(({ outcome }) => outcome),
    { noun: 'runs', planned: times, by: interruptionOf(signal) },
  );
  if (json) printJson(context, { schema: 'tablefull/repeat/v1', outcome: all, runs, differing });
  else
    print(
      context,
      [
        `differing from the first: ${String(differing)} of ${String(runs.length)} verdicts, seeds from ${String(request.seed)}`,
        sayOutcome(request.scenario, all),
      ].join('\n'),
    );
  return all.exitCode;
}
