import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** File where the tests of all processes note their runs; `setup` sets it for them. */
const NOTES = 'TABLEFULL_TEST_RERUNS';
/** Share of the runs that may be inconclusive and run again; one always may. Beside other work three of 33 are. */
const BUDGET = 0.1;

/** Notes a run for a verdict, or a rerun. */
export function note(what: 'run' | 'rerun'): void {
  const path = process.env[NOTES];
  if (path !== undefined) appendFileSync(path, `${what}\n`);
}

/** For vitest's globalSetup: counts reruns, and fails the whole if there were too many. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tablefull-reruns-'));
  process.env[NOTES] = join(folder, 'notes');
  return () => {
    const notes = readNotes(join(folder, 'notes'));
    rmSync(folder, { recursive: true, force: true });
    if (notes.length === 0) return;
    const [runs, reruns] = (['run', 'rerun'] as const).map(
      (what) => notes.filter((each) => each === what).length,
    );
    console.log(`verdicts asked for: ${String(runs)}; inconclusive and run again: ${String(reruns)}`);
    if ((reruns ?? 0) > Math.max(1, BUDGET * (runs ?? 0)))
      throw new Error(
        `${String(reruns)} of ${String(runs)} runs were inconclusive: more than ${String(100 * BUDGET)} %`,
      );
  };
}

function readNotes(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
