import type { Scenario } from './define.ts';
import type { Problem } from './explain-issue.ts';

/** A scenario that was read from a file, and where in the file its parts are. */
export interface Located {
  readonly scenario: Scenario;
  /** `:LINE:COLUMN` of a place in its protocol, as far as that is known. */
  readonly at: (place: string) => string;
}

/** A file holds no scenario: a line each on what is wrong, with the place and the fix. */
export class NoScenario extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const [first = '', ...more] = lines;
    super(more.length === 0 ? first : `${first} (and ${String(more.length)} more; see tablefull validate)`);
    this.lines = lines;
  }
}

/** What a file may say itself is not to break a line, nor to speak to the terminal. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, '\uFFFD');
}

/** Problems as lines, each with the file and the place. */
export function linesOn(file: string, at: Located['at'], problems: readonly Problem[]): readonly string[] {
  return problems.map(({ place, why }) =>
    onOneLine(`${file}${at(place)}: ${place === '' ? '' : `${legible(place)}: `}${why}`),
  );
}

/** A key may be anything, a blank for one. */
function legible(place: string): string {
  return /^[\p{L}\p{N}_.()-]+$/u.test(place) ? place : JSON.stringify(place);
}
