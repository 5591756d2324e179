import { join } from 'node:path';
import type { Verdict } from '../../judge/verdict.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { Executed, Order } from '../../run/execute.ts';
import { outcomeLine } from '../../run/outcome-line.ts';
import { Interrupted } from '../../run/stops.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson, type World } from '../world.ts';

interface Repeat {
  readonly times: number;
  readonly order: Order;
  readonly once: (order: Order, reporter: Reporter) => Promise<Executed>;
  readonly json: boolean;
  readonly world: World;
}

/**
 * The same order again and again, each with the next seed: how steady are its verdicts? A line each, and a summary.
 *
 * @returns the worst exit code: 3 (not restored) before a signal, before 2, before 1
 */
export async function repeat({ times, order, once, json, world }: Repeat): Promise<number> {
  const runs: Verdict[] = [];
  let worst = 0;
  while (runs.length < times) {
    const n = String(runs.length + 1);
    const out = order.out === undefined ? undefined : join(order.out, n);
    const { verdict, code, error } = await once({ ...order, out, seed: order.seed + runs.length }, {});
    runs.push(verdict);
    worst = worse(worst, code);
    const result = verdict.asExpected ? 'as expected' : 'not as expected';
    if (!json)
      print(world, `run ${n} of ${String(times)}: ${outcomeLine(verdict)}; ${result}; ${verdict.run}`);
    if (error instanceof Interrupted) break;
  }
  const differing = runs.filter((verdict) => outcomeLine(verdict) !== outcomeLine(runs[0] ?? verdict)).length;
  if (json) printJson(world, { schema: 'tablefull/repeat/v1', runs, differing });
  else
    print(
      world,
      `differing from the first: ${String(differing)} of ${String(runs.length)} verdicts, seeds from ${String(order.seed)}`,
    );
  return worst;
}

export function worse(one: number, other: number): number {
  return [one, other].includes(EXIT.left) ? EXIT.left : Math.max(one, other);
}
