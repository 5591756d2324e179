import { join } from 'node:path';
import { combined, sayOutcome } from '../../schema/outcome.ts';
import type { Verdict } from '../../schema/verdict.ts';
import type { Executed, Order } from '../../run/execute.ts';
import { outcomeLine } from '../../run/outcome-line.ts';
import { Interrupted } from '../../run/stops.ts';
import { print, printJson, type World } from '../world.ts';

interface Repeat {
  readonly times: number;
  readonly order: Order;
  readonly once: (order: Order) => Promise<Executed>;
  readonly json: boolean;
  readonly world: World;
}

/**
 * The same order again and again, each with the next seed: how steady are its verdicts? A line each, and a summary.
 *
 * @returns the exit code of the worst outcome
 */
export async function repeat({ times, order, once, json, world }: Repeat): Promise<number> {
  const runs: Verdict[] = [];
  while (runs.length < times) {
    const n = String(runs.length + 1);
    const out = order.out === undefined ? undefined : join(order.out, n);
    const { verdict, error } = await once({ ...order, out, seed: order.seed + runs.length });
    runs.push(verdict);
    if (!json)
      print(
        world,
        `run ${n} of ${String(times)}: ${verdict.outcome.headline}: ${outcomeLine(verdict)}; ${verdict.run}`,
      );
    if (error instanceof Interrupted) break;
  }
  const differing = runs.filter((verdict) => outcomeLine(verdict) !== outcomeLine(runs[0] ?? verdict)).length;
  const all = combined(
    runs.map(({ outcome }) => outcome),
    'runs',
  );
  if (json) printJson(world, { schema: 'tablefull/repeat/v1', outcome: all, runs, differing });
  else
    print(
      world,
      [
        `differing from the first: ${String(differing)} of ${String(runs.length)} verdicts, seeds from ${String(order.seed)}`,
        sayOutcome(order.scenario, all),
      ].join('\n'),
    );
  return all.exitCode;
}
