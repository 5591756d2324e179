import { parseExpectation, type Expectation } from '../schema/expectation.ts';
import type { Protocol } from '../schema/protocol.ts';
import { figureNamed } from '../figure/names.ts';
import { holds } from './expectation.ts';
import type { Figures } from '../schema/verdict.ts';

/**
 * How many of the symptom's counters moved in a phase. `none`: the demand failed for another reason.
 *
 * @returns undefined where the symptom names no counter
 */
export function evidence(protocol: Protocol, figures: Figures): 'all' | 'some' | 'none' | undefined {
  const counters = protocol.symptom.when
    .map(parseExpectation)
    .filter((each) => asksForACounter(each, protocol));
  if (counters.length === 0) return undefined;
  const held = counters.filter((each) => holds(each, figures) === true).length;
  return held === counters.length ? 'all' : held === 0 ? 'none' : 'some';
}

/** Whether an expectation requires a kernel counter to move: `drop.delta > 0`, `packets.invalid > 0`. */
function asksForACounter({ term, operator, other }: Expectation, protocol: Protocol): boolean {
  const moves = operator === '>' || operator === '>=';
  const plain = term.phase === undefined && other === undefined;
  return moves && plain && figureNamed(term.figure, protocol)?.counter === true;
}
