import { CONNECT_TIMEOUT, OPERATION_TIMEOUT } from '../load/curl.ts';
import { isAnswer } from '../load/outcome-words.ts';
import type { EventOf } from '../schema/history.ts';
import { defineFigures, type FigureGroup } from './figure.ts';
import { counted, type OfferedLoad } from './offered-load.ts';

/** ms. TCP resends a lost SYN after 1 s; a clock may read slightly less. */
const RETRY_MS = 980;

const ASKED = 'Only if clients open one connection per request.';
const SOURCE = 'TCP_INFO (include/uapi/linux/tcp.h)';

export const retransmissions: FigureGroup = {
  title: 'Resent SYNs',
  intro: 'For loads whose clients open TCP connections.',
  figures: defineFigures(
    'load',
    { unit: 'count', source: SOURCE },
    {
      'slow.rate': {
        unit: '0 to 1',
        doc: '(Not answered, or answered after a resent SYN) / offered. Without TCP_INFO, an answer after 980 ms or more counts as after a resent SYN.',
        loss: true,
        of: (load) =>
          load.offered === 0
            ? undefined
            : Math.max(0, load.offered - (load.latencies.length - waited(load).length)) / load.offered,
      },
      'waited.Ns': {
        values: { like: /^\d+$/, which: 'a number of seconds' },
        doc: 'Answered in the second second (`waited.1s`), in the third (`waited.2s`) and so on, after waiting for resent SYNs. Absent where there were none.',
        of: (load) => (load.offered === 0 ? undefined : bySecond(waited(load))),
      },
      resent: {
        doc: `SYNs that the kernel resent for these connections, answered or not. ${ASKED}`,
        of: (load) => ifAsked(load, (asked) => resentOf(asked).reduce((sum, syns) => sum + syns, 0)),
      },
      retried: {
        doc: `Answered after a resent SYN. ${ASKED}`,
        of: (load) => ifAsked(load, retried),
      },
      'retried.rate': {
        unit: '0 to 1',
        doc: `\`UNIT.retried\` / \`UNIT.offered\`. ${ASKED}`,
        loss: true,
        of: (load) => ifAsked(load, (asked) => retried(asked) / load.offered),
      },
      unconnected: {
        doc: `Given up while the kernel was still sending SYNs. ${ASKED}`,
        of: (load) =>
          ifAsked(load, (asked) => counted(asked.filter(({ outcome }) => outcome === CONNECT_TIMEOUT))),
      },
      unanswered: {
        doc: `Connected but not answered within 5 s: the server was slow, not conntrack. ${ASKED}`,
        of: (load) =>
          ifAsked(load, (asked) => counted(asked.filter(({ outcome }) => outcome === OPERATION_TIMEOUT))),
      },
    },
  ),
};

type Outcomes = readonly EventOf<'outcomes'>[];

/** Latencies (ms) of answers with a resent SYN. The kernel knows which; without TCP_INFO the clock decides. */
function waited({ answers }: OfferedLoad): readonly number[] {
  return answers.flatMap(({ latency, resent }) =>
    latency.filter((ms, i) => {
      const syns = resent?.[i];
      return syns === undefined ? ms >= RETRY_MS : syns > 0;
    }),
  );
}

function bySecond(latencies: readonly number[]): Record<string, number> {
  const seconds = Map.groupBy(latencies, (ms) => Math.max(1, Math.floor((ms + 1000 - RETRY_MS) / 1000)));
  return Object.fromEntries([...seconds].map(([second, of]) => [`waited.${String(second)}s`, of.length]));
}

/** @param of gets the outcomes with SYN counts from the kernel */
function ifAsked({ outcomes, offered }: OfferedLoad, of: (asked: Outcomes) => number): number | undefined {
  const asked = outcomes.filter(({ resent }) => resent !== undefined);
  return asked.length === 0 || offered === 0 ? undefined : of(asked);
}

function resentOf(outcomes: Outcomes): readonly number[] {
  return outcomes.flatMap(({ resent = [] }) => resent);
}

function retried(asked: Outcomes): number {
  return resentOf(asked.filter(({ outcome }) => isAnswer(outcome))).filter((syns) => syns > 0).length;
}
