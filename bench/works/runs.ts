import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { endedChildrenCpu } from '../cpu.ts';
import { ROOT } from '../lab.ts';
import type { Contender, Opened, Sample, Work } from '../work.ts';

const MAIN = join(ROOT, 'src/cli/main.ts');
const SYMPTOM = 'saturate, the symptom alone';
const WHOLE = 'saturate, the whole run';
const MATRIX = 'matrix --quick';

export const saturate: Work = {
  id: 'saturate',
  title: 'a run from the command to its exit',
  unit: 's',
  better: 'less',
  place: 'machine',
  rounds: { full: 3, quick: 1 },
  comparisons: [
    { of: SYMPTOM, atMost: 10 },
    { of: WHOLE, atMost: 45 },
  ],
  open: ({ quick, signal }) =>
    opened([
      { name: SYMPTOM, measure: () => timed(['run', 'saturate', '--remedy', 'none', '--quiet'], signal) },
      ...(quick ? [] : [{ name: WHOLE, measure: () => timed(['run', 'saturate', '--quiet'], signal) }]),
    ]),
};

export const matrix: Work = {
  id: 'matrix',
  title: 'a matrix from the command to its exit',
  unit: 's',
  better: 'less',
  place: 'machine',
  rounds: { full: 1, quick: 0 },
  comparisons: [{ of: MATRIX, atMost: 300 }],
  open: ({ signal }) => opened([{ name: MATRIX, measure: () => timed(['matrix', '--quick'], signal) }]),
};

const EMPTY = 'node -e 0';
const VERSION = 'tablefull --version';
const LIST = 'tablefull list';

export const start: Work = {
  id: 'start',
  title: 'CPU time of a command that only says something',
  unit: 's',
  better: 'less',
  place: 'machine',
  rounds: { full: 5, quick: 3 },
  comparisons: [
    { of: VERSION, atMost: 0.3 },
    { of: LIST, atMost: 0.5 },
    { of: VERSION, to: EMPTY },
    { of: LIST, to: EMPTY },
  ],
  open: () =>
    opened([
      { name: EMPTY, measure: () => cpuOf(['-e', '0']) },
      { name: VERSION, measure: () => cpuOf([MAIN, '--version']) },
      { name: LIST, measure: () => cpuOf([MAIN, 'list']) },
    ]),
};

function opened(contenders: readonly Contender[]): Promise<Opened> {
  return Promise.resolve({ contenders, missing: [], [Symbol.asyncDispose]: () => Promise.resolve() });
}

/** Elapsed seconds. A run with an unexpected end says so, because its time is that of another run. */
async function timed(words: readonly string[], cancelSignal: AbortSignal): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'tablefull-bench-'));
  try {
    const began = performance.now();
    const command = execa(process.execPath, [MAIN, ...words], {
      cwd: folder,
      reject: false,
      stdout: 'ignore',
      stderr: 'ignore',
      cancelSignal,
      // An interrupted run must restore first.
      forceKillAfterDelay: false,
    });
    const { exitCode } = await command;
    const value = (performance.now() - began) / 1000;
    cancelSignal.throwIfAborted();
    return { value, ...(exitCode !== 0 && { note: `exit ${String(exitCode)}` }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of CPU time, and elapsed. */
async function cpuOf(words: readonly string[]): Promise<Sample> {
  const before = endedChildrenCpu();
  const began = performance.now();
  await execa(process.execPath, words, { stdin: 'ignore' });
  const ms = performance.now() - began;
  return { value: (endedChildrenCpu() - before) / 1e6, note: `${ms.toFixed(0)} ms by the clock` };
}
