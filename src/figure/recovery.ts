import { defineFigures, type FigureGroup } from './figure.ts';
import { freeings, type OfferedLoad } from './offered-load.ts';

/** Answers that are told apart by whether they were due before the table was freed. */
interface Answer {
  readonly due: number;
  readonly ended: number;
}

export const recovery: FigureGroup = {
  title: 'A table that is freed',
  intro: 'Where a change of kind `flush` deletes entries in the middle of the phase.',
  figures: [
    ...defineFigures(
      'load',
      { unit: 's', source: '`outcomes`, `change`' },
      {
        recovery: {
          doc: 'From when the table was freed until something that was due later was answered.',
          of: (load) =>
            sinceFreed(
              load,
              ({ due }, freed) => due >= freed,
              (least, ms) => Math.min(least, ms),
            ),
        },
        stragglers: {
          doc: 'From then until the last was answered of those that were due before and still waiting: they sit out their own SYN back-off.',
          of: (load) =>
            sinceFreed(
              load,
              ({ due, ended }, freed) => due < freed && ended > freed,
              (most, ms) => Math.max(most, ms),
            ),
        },
      },
    ),
    ...defineFigures(
      'lab',
      { source: '`nf_conntrack_count`' },
      {
        flushed: {
          unit: 'entries',
          doc: 'By how many entries the table had fewer once it was freed.',
          range: 'signed',
          of: ({ phase }) => {
            const freed = freeings(phase);
            if (freed.length === 0) return undefined;
            return freed.reduce((sum, { before, after }) => sum + Number(before) - Number(after), 0);
          },
        },
      },
    ),
  ],
};

/** Seconds from when the table was freed to the end of one of these answers, to the millisecond: no clock here is finer. */
function sinceFreed(
  { answers, freed }: OfferedLoad,
  counts: (answer: Answer, freed: number) => boolean,
  which: (a: number, b: number) => number,
): number | undefined {
  if (freed === undefined) return undefined;
  const ended = answers
    .flatMap(({ due, latency }) => due.map((at, i) => ({ due: at, ended: at + (latency[i] ?? 0) })))
    .filter((answer) => counts(answer, freed))
    .map((answer) => answer.ended - freed);
  return ended.length === 0 ? undefined : Math.round(ended.reduce(which)) / 1000;
}
