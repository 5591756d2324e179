import type { Names, Registration } from './kinds.ts';

/** The end of a list's declaration: a line of its own. */
const END = /^\](?: as const)?;$/;
const IMPORT = /^import .*? from '(\.[^']+)';$/;

/**
 * A module with one more import, in the order of paths, and one more line at the end of its list.
 *
 * @returns undefined where the module does not look like a list
 */
export function registered(text: string, list: Registration, names: Names): string | undefined {
  const lines = text.split('\n');
  const imports = lines.flatMap((line, at) => {
    const path = IMPORT.exec(line)?.[1];
    return path === undefined ? [] : [{ at, path }];
  });
  const added = list.import(names);
  const path = IMPORT.exec(added)?.[1] ?? '';
  const last = imports.at(-1);
  const end = lines.findIndex((line) => END.test(line));
  if (last === undefined || end < last.at) return undefined;
  // Imports of other folders come first.
  const next = imports.find((each) => each.path.startsWith('./') && each.path > path)?.at ?? last.at + 1;
  return lines
    .toSpliced(end, 0, `  ${list.entry(names)}`)
    .toSpliced(next, 0, added)
    .join('\n');
}

/** A Markdown text with one more row at the end of the table with this first cell; undefined where there is none. */
export function withRow(text: string, firstCell: string, cells: readonly string[]): string | undefined {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.split('|')[1]?.trim() === firstCell);
  if (head < 0) return undefined;
  const after = lines.findIndex((line, at) => at > head && !line.startsWith('|'));
  return lines.toSpliced(after < 0 ? lines.length : after, 0, `| ${cells.join(' | ')} |`).join('\n');
}
