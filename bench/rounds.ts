/**
 * Measures the contenders of a work in turn (A B C, A B C), so that a change of the machine's speed affects
 * all.
 */
import { messageOf } from '../src/util/error-text.ts';
import { calibrate } from './machine.ts';
import type { WorkReport } from './report.ts';
import type { BenchContext, Work } from './work.ts';

/** The part of a work's report that is known before it runs. */
export function emptyReport({ id, title, unit, better, comparisons }: Work): WorkReport {
  return {
    ...{ id, title, unit, better },
    contenders: [],
    calibrations: [],
    comparisons: [...comparisons],
    seconds: 0,
  };
}

/**
 * Does a work. A failed contender is left out of later rounds, with its reason; so is a work that can't be
 * opened.
 */
export async function measureWork(work: Work, rounds: number, context: BenchContext): Promise<WorkReport> {
  const began = performance.now();
  const report = emptyReport(work);
  try {
    await using opened = await work.open(context);
    const running = opened.contenders.map((contender) => {
      const result: WorkReport['contenders'][number] = { name: contender.name, samples: [] };
      return { contender, result };
    });
    report.contenders.push(...running.map(({ result }) => result));
    report.contenders.push(...opened.missing.map(({ name, why }) => ({ name, samples: [], why })));
    for (let round = 0; round < rounds; round++) {
      report.calibrations.push(calibrate());
      for (const { contender, result } of running) {
        context.signal.throwIfAborted();
        if (result.why !== undefined) continue;
        try {
          result.samples.push(await contender.measure(context.signal));
        } catch (error) {
          context.signal.throwIfAborted();
          result.why = oneLine(error);
          context.say(`${work.id}: ${contender.name}: ${result.why}`);
        }
      }
    }
  } catch (error) {
    context.signal.throwIfAborted();
    report.why = oneLine(error);
    context.say(`${work.id}: ${report.why}`);
  }
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

export function oneLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
