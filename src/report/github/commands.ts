import { relative, resolve } from 'node:path';
import { printableLine, printableText } from '../../util/printable.ts';

/** How grave an annotation is. */
export type Level = 'error' | 'warning' | 'notice';

/** A remark on a line of a file, shown in a pull request. */
export interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  /** Relative to the repository; absent: the remark is on none. */
  readonly file?: string;
  readonly line?: number;
}

/** GitHub shows this many annotations of a level in a step. */
const MOST = 10;

/**
 * Annotations as workflow commands, a line each. Where there are more than GitHub shows, the last one says
 * how many are missing.
 */
export function annotationLines(all: readonly Annotation[]): readonly string[] {
  return [...Map.groupBy(all, ({ level }) => level).values()].flatMap((same) => {
    if (same.length <= MOST) return same.map(annotationLine);
    const shown = same.slice(0, MOST - 1);
    const [first] = same;
    const more = `and ${String(same.length - shown.length)} more; the job’s summary has all`;
    return [
      ...shown.map(annotationLine),
      ...(first === undefined
        ? []
        : [annotationLine({ level: first.level, title: 'tablefull', message: more })]),
    ];
  });
}

/** `::error file=s.yaml,line=5,title=saturate::keepalive no-effect, expected cured`. */
function annotationLine({ level, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ file, line, title }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

/** Lines that GitHub folds under a title. */
export function groupLines(title: string, lines: readonly string[]): readonly string[] {
  return [`::group::${data(title)}`, ...lines.map(harmless), '::endgroup::'];
}

/**
 * A line of text that is no workflow command, whatever it says: GitHub reads commands at the beginning of a
 * line, after blanks.
 */
export function harmless(line: string): string {
  return printableText(line)
    .replace(/^(\s*):(?=:)/, '$1\u200B:')
    .replace(/^(\s*)##\[/, '$1#\u200B#[');
}

/** A path as GitHub knows the file: relative to the repository. */
export function inRepository(file: string, workspace: string | undefined): string {
  return workspace === undefined || workspace === '' ? file : relative(workspace, resolve(file));
}

/** Escapes text as GitHub’s toolkit does. */
function data(text: string): string {
  return printableLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
