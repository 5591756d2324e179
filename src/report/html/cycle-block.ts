import type { Element, ElementContent } from 'hast';
import { h } from 'hastscript';
import type { Run } from '../../history/run.ts';
import { sayMade, type ChangeMade } from '../changes-made.ts';
import { drawCycle, seconds, type Mark } from '../plot/draw.ts';
import { cycleOf, type Cycle } from '../plot/story.ts';
import { tracksOf } from '../plot/tracks.ts';
import { idOf, scroller } from './parts.ts';

/** A line of the kernel’s log on the run’s clock. */
export interface LogMark {
  /** ms since the run began */
  readonly at: number;
  readonly cycle: string;
  readonly line: string;
}

/** ms. What was changed for a cycle shortly before its first phase belongs on its axis. */
const BEFORE = 2000;

/** The plots of a cycle, and below them what the numbers on them are; empty where no phase of it began. */
export function cycleBlock(
  run: Run,
  name: string,
  made: readonly ChangeMade[],
  log: readonly LogMark[],
): readonly ElementContent[] {
  const cycle = cycleOf(run, name);
  if (cycle === undefined) return [];
  const changes = made.filter((each) => each.cycle === name && within(cycle, each.at));
  const retries = run.ofType('retry').filter(({ phase }) => phase.cycle === name);
  const marks: Mark[] = [
    ...changes.flatMap((each, i) => marksOf(cycle, each, String(i + 1))),
    ...log
      .filter((line) => line.cycle === name && line.at >= cycle.from && line.at <= cycle.to)
      .map(({ at, line }) => ({ at, kind: 'kernel' as const, sign: '', text: line })),
  ];
  return [
    h('figure', { class: 'cycle' }, [
      scroller(`Plots of ${name}`, drawCycle(cycle, tracksOf(run, cycle), marks, `plot-${idOf(name)}`)),
      h('figcaption', [...listOf(changes), ...retriesOf(retries)]),
    ]),
  ];
}

function within({ from, to }: Cycle, at: number): boolean {
  return at >= from - BEFORE && at <= to;
}

function marksOf(cycle: Cycle, made: ChangeMade, sign: string): readonly Mark[] {
  const text = `${sayMade(made)}, at ${seconds(made.at)}`;
  const at = Math.max(cycle.from, made.at);
  const undone = made.undone;
  return [
    { at, kind: 'change', sign, text },
    ...(undone !== undefined && undone <= cycle.to
      ? [{ at: undone, kind: 'undo' as const, sign, text: `undone: ${text}` }]
      : []),
  ];
}

function listOf(changes: readonly ChangeMade[]): readonly Element[] {
  if (changes.length === 0) return [];
  return [
    h(
      'ol',
      { class: 'changes' },
      changes.map((made) =>
        h('li', [
          sayMade(made),
          h(
            'span',
            { class: 'when' },
            made.undone === undefined
              ? ` at ${seconds(made.at)}; ended with the lab`
              : ` at ${seconds(made.at)}; undone at ${seconds(made.undone)}`,
          ),
        ]),
      ),
    ),
  ];
}

function retriesOf(retries: ReturnType<Run['ofType']>): readonly Element[] {
  return retries.flatMap((event) =>
    event.type === 'retry' ? [h('p', `The phase ${event.phase.stage} was retried: ${event.reason}.`)] : [],
  );
}
