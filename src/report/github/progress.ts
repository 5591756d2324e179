import { Writable } from 'node:stream';
import type { Reporter, Talker } from '../../run/reporter.ts';
import type { PlannedRun } from '../../suite/plan.ts';
import type { SuiteReporter } from '../../suite/run-suite.ts';
import { progressReporter, type Screen } from '../progress.ts';
import { groupLines, harmless } from './commands.ts';

/** Keeps the lines of a run until it is over: runs are side by side, and groups can’t be. */
class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  get lines(): readonly string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

/** Shows a suite in a job’s log: a folded group for each run, when it is over. */
export function groupedProgress(screen: Screen): SuiteReporter & Pick<Talker, 'talk'> & Disposable {
  const kept = new Map<PlannedRun, Kept>();
  return {
    talk: (line) => {
      screen.write(`${harmless(line)}\n`);
    },
    begins(run): Reporter {
      const lines = new Kept();
      kept.set(run, lines);
      return progressReporter(lines);
    },
    ended(run, { outcome: { headline, summary } }) {
      const lines = kept.get(run)?.lines ?? [];
      kept.delete(run);
      screen.write(`${groupLines(`${headline} ${run.name}: ${summary}`, lines).join('\n')}\n`);
    },
    [Symbol.dispose]: () => undefined,
  };
}
