import { figure } from './figures.ts';
import type { Figures } from './verdict.ts';
import { count } from './words.ts';

const OPERATORS = {
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const;
type Operator = keyof typeof OPERATORS;

export interface Expectation {
  readonly figure: string;
  readonly operator: Operator;
  readonly number: number;
}

const GRAMMAR =
  /^\s*(?<figure>\S+?(?: p\(\d+(?:\.\d+)?\))?)\s*(?<operator><=|>=|<|>|==|!=)\s*(?<number>-?\d+(?:\.\d+)?)\s*$/;

/**
 * Reads `requests.p(95) > 500` (or `requests p(95) > 500`): k6's threshold grammar over one figure.
 *
 * @throws Error naming the text where it is none
 */
export function parseExpectation(text: string): Expectation {
  const groups = GRAMMAR.exec(text)?.groups;
  if (!groups) throw new Error(`an expectation reads FIGURE > NUMBER, not \`${text}\``);
  const { figure: name = '', operator, number } = groups;
  return { figure: name.replace(' ', '.'), operator: operator as Operator, number: Number(number) };
}

/** Does it hold of these figures? undefined where the figure is unknown: then nothing is known, and nothing passes. */
export function holds(expectation: Expectation, figures: Figures): boolean | undefined {
  const value = figure(figures, expectation.figure);
  if (value === undefined || Number.isNaN(value)) return undefined;
  return OPERATORS[expectation.operator](value, expectation.number);
}

/** What a list of expectations says of one phase: all hold, one does not (and why), or one can't be told. */
export type Finding =
  | { readonly met: true }
  | { readonly met: false; readonly why: string }
  | { readonly met: undefined; readonly why: string };

/** All of them must hold. A figure that is missing outweighs one that does not hold. */
export function allHold(texts: readonly string[], figures: Figures): Finding {
  const checked = texts.map((text) => parseExpectation(text)).map((it) => ({ it, held: holds(it, figures) }));
  const missing = checked.find(({ held }) => held === undefined);
  if (missing) return { met: undefined, why: `there is no figure ${missing.it.figure}` };
  const broken = checked.find(({ held }) => held === false);
  if (!broken) return { met: true };
  const { figure: name, operator, number } = broken.it;
  return {
    met: false,
    why: `${name} is ${count(figure(figures, name) ?? NaN)}, not ${operator} ${count(number)}`,
  };
}
