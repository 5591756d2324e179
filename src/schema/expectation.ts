import { figureName } from './figure-name.ts';

const OPERATORS = {
  '<=': (a: number, b: number) => a <= b,
  '>=': (a: number, b: number) => a >= b,
  '<': (a: number, b: number) => a < b,
  '>': (a: number, b: number) => a > b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const;
type Operator = keyof typeof OPERATORS;

/** Phases of the symptom that an expectation may name: `baseline.drop.delta`. */
const NAMED_PHASES = ['baseline', 'fault'] as const;
export type NamedPhase = (typeof NAMED_PHASES)[number];

/** A figure of the phase under expectation, or of a named phase. */
export interface Term {
  readonly phase: NamedPhase | undefined;
  readonly figure: string;
}

export interface Expectation {
  readonly term: Term;
  readonly operator: Operator;
  /** The number to compare with; with `other`, its factor. */
  readonly number: number;
  readonly other: Term | undefined;
}

const FIGURE = '[A-Za-z][^<>=!*]*';
/** Few enough digits to print as read, without an exponent. */
const NUMBER = '-?\\d{1,15}(?:\\.\\d{1,6})?';

/** k6's threshold grammar over any figure. On the right: a number, a figure, or a multiple of one. */
export const GRAMMAR = new RegExp(
  `^\\s*(?<term>${FIGURE})(?<operator><=|>=|<|>|==|!=)\\s*(?:(?<number>${NUMBER})|(?:(?<factor>${NUMBER})\\s*\\*\\s*)?(?<other>${FIGURE}))\\s*$`,
);

/** The fix in error messages. */
export const READS = 'an expectation reads FIGURE > NUMBER, or FIGURE > 2 * OTHER.FIGURE';

/**
 * Parses `requests.p(95) > 500` (or `requests p(95) > 500`), `drop.delta > baseline.drop.delta` and
 * `lookups.p(95) > 2 * baseline.lookups.p(95)`.
 *
 * @throws Error naming the text that does not parse
 */
export function parseExpectation(text: string): Expectation {
  const groups = GRAMMAR.exec(text)?.groups;
  if (!groups) throw new Error(`${READS}, not \`${text}\``);
  const { term = '', operator, number, factor, other } = groups;
  return {
    term: parseTerm(term),
    operator: operator as Operator,
    number: Number(number ?? factor ?? 1),
    other: other === undefined ? undefined : parseTerm(other),
  };
}

/** The sides of an expectation's text that are figures. @throws Error naming a text that does not parse */
export function termsOf(text: string): readonly Term[] {
  const { term, other } = parseExpectation(text);
  return other === undefined ? [term] : [term, other];
}

/** The figures that an expectation's text names. @throws Error as `termsOf` */
export function figuresOf(text: string): readonly string[] {
  return termsOf(text).map(({ figure }) => figure);
}

/** The canonical text. */
export function formatExpectation({ term, operator, number, other }: Expectation): string {
  return `${formatTerm(term)} ${operator} ${formatRight(number, other)}`;
}

/** The right-hand side: `50`, `baseline.drop.delta`, `2 * baseline.drop.delta`. */
export function formatRight(number: number, other: Term | undefined): string {
  if (other === undefined) return String(number);
  return number === 1 ? formatTerm(other) : `${String(number)} * ${formatTerm(other)}`;
}

export function formatTerm({ phase, figure }: Term): string {
  return phase === undefined ? figure : `${phase}.${figure}`;
}

/** Whether `a OPERATOR b` holds. */
export function compare(a: number, operator: Operator, b: number): boolean {
  return OPERATORS[operator](a, b);
}

function parseTerm(text: string): Term {
  const name = figureName(text);
  const phase = NAMED_PHASES.find((each) => name.startsWith(`${each}.`));
  return { phase, figure: phase === undefined ? name : name.slice(phase.length + 1) };
}
