import { stripVTControlCharacters, styleText } from 'node:util';
import type { Writable } from 'node:stream';

type Format = Parameters<typeof styleText>[0];
/** Colours a text, or leaves it. */
export type Paint = (format: Format, text: string) => string;

/** Respects NO_COLOR and whether the stream is a terminal. */
export function painter(stream: Writable): Paint {
  return (format, text) => styleText(format, text, { stream });
}

/** Wraps at blanks to `width` visible columns and indents each line. A longer word has a line to itself. */
export function wrap(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && lengthOf(last) + 1 + lengthOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** Wraps to `width`; the first line begins at the margin, the others at `indent`. */
export function hanging(text: string, width: number, indent: string): readonly [string, ...string[]] {
  const [first = '', ...rest] = wrap(text, width, '');
  return [first, ...wrap(rest.join(' '), width, indent).filter((line) => line.trim() !== '')];
}

/** Wraps lines. A line that begins with a blank is a command to copy and stays as it is. */
export function wrapped(text: string, width = 80): string {
  const lines = text.split('\n');
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, width, ''))).join('\n');
}

/** A readable width, whatever the terminal's. */
export function readable(columns: number, least = 60): number {
  return Math.min(100, Math.max(least, columns));
}

/** A text's first `width` columns; an ellipsis where it has more. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** The visible length, without escape sequences. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The width of each column. */
export function widths(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
}
