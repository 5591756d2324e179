import { compare, formatRight, formatTerm, parseExpectation } from '../schema/expectation.ts';
import type { Expectation, NamedPhase, Term } from '../schema/expectation.ts';
import { figure } from '../figure/compute.ts';
import type { Figures } from '../schema/verdict.ts';
import { count } from './words.ts';

/** Figures of other phases that an expectation may name. */
export type Others = Partial<Readonly<Record<NamedPhase, Figures>>>;

/** Whether it holds. @returns undefined where a figure is unknown; that never passes */
export function holds(expectation: Expectation, figures: Figures, others: Others = {}): boolean | undefined {
  const [left, right] = sides(expectation, figures, others);
  return left === undefined || right === undefined ? undefined : compare(left, expectation.operator, right);
}

/** The known figures that it names, by the names it uses. */
export function figuresIn({ term, other }: Expectation, figures: Figures, others: Others = {}): Figures {
  return Object.fromEntries(
    [term, other].flatMap((each) => {
      const value = each && valueOf(each, figures, others);
      return each === undefined || value === undefined ? [] : [[formatTerm(each), value]];
    }),
  );
}

/** The result for one phase: all hold, one does not, or a figure is missing. */
export type Finding =
  | { readonly met: true }
  | { readonly met: false; readonly why: string }
  | { readonly met: undefined; readonly why: string };

/** All must hold. A missing figure outweighs an expectation that fails. */
export function allHold(texts: readonly string[], figures: Figures, others: Others = {}): Finding {
  const findings = texts.map((text) => finding(parseExpectation(text), figures, others));
  return (
    findings.find(({ met }) => met === undefined) ??
    findings.find(({ met }) => met === false) ?? { met: true }
  );
}

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
