import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Longer command lines are cut. */
const MOST_CHARACTERS = 60;

/** A process as /proc shows it. */
export interface ShownProcess {
  readonly parent: number;
  /** The command line's words; empty for a kernel thread. */
  readonly words: readonly string[];
}

/** Reads a process; undefined where it is gone. */
export type ReadProcess = (pid: number) => ShownProcess | undefined;

/**
 * Names the run behind the lock. A helper holds it (`cat`, or the watchdog), so its parent is named; a helper
 * whose run has died is named itself.
 *
 * @returns `14278: tablefull run saturate`
 */
export function holderName(pid: number, read: ReadProcess = readProcess): string {
  const helper = read(pid);
  const parent = helper !== undefined && helper.parent > 1 ? read(helper.parent) : undefined;
  if (helper === undefined) return String(pid);
  const [named, words] = parent === undefined ? [pid, helper.words] : [helper.parent, parent.words];
  return words.length === 0 ? String(named) : `${String(named)}: ${commandLine(words)}`;
}

/** Shows `node …/src/cli/main.ts run saturate` as `tablefull run saturate`. */
function commandLine(words: readonly string[]): string {
  const entry = words.findIndex((word) => /\/cli\/(main|bin)\.[jt]s$|\/tablefull$/.test(word));
  const typed =
    entry === -1 ? [basename(words[0] ?? ''), ...words.slice(1)] : ['tablefull', ...words.slice(entry + 1)];
  const line = typed.join(' ').replaceAll(/\s+/g, ' ');
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line;
}

function readProcess(pid: number): ShownProcess | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const cmdline = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
    return { parent, words: cmdline.split('\0').filter((word) => word !== '') };
  } catch {
    return undefined;
  }
}
