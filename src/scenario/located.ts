import type { Scenario } from './define.ts';
import type { Problem } from './explain-issue.ts';

/** A scenario from a file, with the positions of its parts. */
export interface Located {
  readonly scenario: Scenario;
  /** `:LINE:COLUMN` of a place in its protocol, if known. */
  readonly at: (place: string) => string;
}

/** The file is not a valid scenario: one line per problem, with place and fix. */
export class NoScenario extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const [first = '', ...more] = lines;
    super(
      more.length === 0 ? first : `${first} (and ${String(more.length)} more; see \`tablefull validate\`)`,
    );
    this.lines = lines;
  }
}

/** Removes line breaks and terminal controls that stem from a file. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, '\uFFFD');
}

/** Formats problems with file and position. */
export function linesOn(file: string, at: Located['at'], problems: readonly Problem[]): readonly string[] {
  return problems.map(({ place, why }) =>
    onOneLine(`${file}${at(place)}: ${place === '' ? '' : `${legible(place)}: `}${why}`),
  );
}

/** Quotes unusual keys, such as a blank. */
function legible(place: string): string {
  return /^[\p{L}\p{N}_.()-]+$/u.test(place) ? place : JSON.stringify(place);
}
