import { stripVTControlCharacters, styleText } from 'node:util';
import type { Writable } from 'node:stream';

type Format = Parameters<typeof styleText>[0];
/** Colours a text, or leaves it. */
export type Paint = (format: Format, text: string) => string;

/** Node's styleText keeps to NO_COLOR and to whether the stream is a terminal. */
export function painter(stream: Writable): Paint {
  return (format, text) => styleText(format, text, { stream });
}

/** Breaks at blanks so that no line looks longer than `width`, unless one word does. Every line is indented. */
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

/** Text for a terminal, in whole words. A line that begins with a blank is a command to copy, and stays as it is. */
export function wrapped(text: string, width = 80): string {
  const lines = text.split('\n');
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, width, ''))).join('\n');
}

/** Colours take no room. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The widths a table's columns need. */
export function widths(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
}
