import { defineFigures, type FigureGroup } from './figure.ts';
import { freeings, type OfferedLoad } from './offered-load.ts';

/** When an answer was due and ended, ms since the phase's start. */
interface Answer {
  readonly due: number;
  readonly ended: number;
}

export const recovery: FigureGroup = {
  title: 'A table that is freed',
  intro: 'With a scheduled change of kind `flush`, which deletes entries in the middle of the phase.',
  figures: [
    ...defineFigures(
      'load',
      { unit: 's', source: '`outcomes`, `change`' },
      {
        recovery: {
          doc: 'From when the table was freed to the first answer that was due later.',
          of: (load) =>
            sinceFreed(
              load,
              ({ due }, freed) => due >= freed,
              (least, ms) => Math.min(least, ms),
            ),
        },
        stragglers: {
          doc: 'From then to the last answer that was due earlier and still waiting: such clients sit out their SYN back-off.',
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
          doc: 'Entries removed when the table was freed.',
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

/** Seconds from when the table was freed to the end of an answer, rounded to 1 ms, the clock's resolution. */
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
