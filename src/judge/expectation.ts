import { compare, formatRight, formatTerm, parseExpectation } from '../schema/expectation.ts';
import type { Expectation, NamedPhase, Term } from '../schema/expectation.ts';
import { figure } from '../figure/compute.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/** The figures that an expectation may speak of besides those of the phase that it is about. */
export type Others = Partial<Readonly<Record<NamedPhase, Figures>>>;

/** Does it hold? undefined where a figure is unknown: then nothing is known, and nothing passes. */
export function holds(expectation: Expectation, figures: Figures, others: Others = {}): boolean | undefined {
  const [left, right] = sides(expectation, figures, others);
  return left === undefined || right === undefined ? undefined : compare(left, expectation.operator, right);
}

/** The values of the figures that it speaks of, by their names in it; those that are unknown are left out. */
export function figuresIn({ term, other }: Expectation, figures: Figures, others: Others = {}): Figures {
  return Object.fromEntries(
    [term, other].flatMap((each) => {
      const value = each && valueOf(each, figures, others);
      return each === undefined || value === undefined ? [] : [[formatTerm(each), value]];
    }),
  );
}

/** What a list of expectations says of one phase: all hold, one does not (and why), or one can't be told. */
export type Finding =
  | { readonly met: true }
  | { readonly met: false; readonly why: string }
  | { readonly met: undefined; readonly why: string };

/** All of them must hold. A figure that is missing outweighs one that does not hold. */
export function allHold(texts: readonly string[], figures: Figures, others: Others = {}): Finding {
  const findings = texts.map((text) => finding(parseExpectation(text), figures, others));
  return (
    findings.find(({ met }) => met === undefined) ??
    findings.find(({ met }) => met === false) ?? { met: true }
  );
}

/** Does one hold, and if not, why? */
export function finding(expectation: Expectation, figures: Figures, others: Others = {}): Finding {
  const [left, right] = sides(expectation, figures, others);
  const { term, operator, number, other } = expectation;
  if (left === undefined) return { met: undefined, why: `there is no figure ${formatTerm(term)}` };
  if (right === undefined)
    return { met: undefined, why: `there is no figure ${other ? formatTerm(other) : ''}` };
  if (compare(left, operator, right)) return { met: true };
  const than =
    other === undefined ? count(number) : `${formatRight(number, other)}, which is ${count(right)}`;
  return { met: false, why: `${formatTerm(term)} is ${count(left)}, not ${operator} ${than}` };
}

function sides({ term, number, other }: Expectation, figures: Figures, others: Others) {
  const compared = other && valueOf(other, figures, others);
  const right = other === undefined ? number : compared === undefined ? undefined : number * compared;
  return [valueOf(term, figures, others), right] as const;
}

function valueOf({ phase, figure: name }: Term, figures: Figures, others: Others): number | undefined {
  const of = phase === undefined ? figures : others[phase];
  const value = of && figure(of, name);
  return Number.isNaN(value) ? undefined : value;
}
