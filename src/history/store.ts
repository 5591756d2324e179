import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { History, HistoryEvent } from '../schema/history.ts';
import { recordedEventSchema } from '../schema/recorded-event.ts';
import { makeFolder } from '../util/make-folder.ts';
import { jsonOf, parsedFile } from '../util/read-json.ts';
import { namesIn } from '../util/read-if-there.ts';
import { replaceFile } from '../util/replace-file.ts';
import { giveToCaller } from '../util/sudo-owner.ts';
import { explain } from '../util/error-text.ts';

export const HISTORY_FILE = 'history.jsonl';
/** Files beside the history, written at the end of a run. */
export const VERDICT_FILE = 'verdict.json';
export const HEADER_FILE = 'run.json';

/** bytes. A longer batch is written in the middle of a phase. */
const ENOUGH = 4 * 1024 * 1024;

/** The folder of one run: the growing history, and whole files beside it. */
export interface RunFolder extends Disposable {
  readonly path: string;
  /**
   * Adds an event to the history. Events reach the disk when their phase ends: a write in the middle would
   * disturb the measurement. Never throws: a full disk causes one warning and a retry with the next phase.
   */
  append(event: HistoryEvent): void;
  /** Writes `name` whole or not at all. @throws Error in one line naming the file */
  write(name: string, text: string): Promise<void>;
}

/**
 * Creates the folder of a run.
 *
 * @param out the folder; default: `runs/YYYYMMDD-HHMMSS-SCENARIO-xxxx` (UTC)
 * @param scenario the scenario's name
 * @param warn called with one line when the history can't be written
 * @throws Error in one line where the folder can't be made or is not empty
 */
export function openRunFolder(
  out: string | undefined,
  scenario: string,
  warn: (line: string) => void,
): RunFolder {
  const path = out ?? newFolder(scenario);
  const file = create(path);
  const history = historyWriter(file, (why) => {
    warn(`${join(path, HISTORY_FILE)} is incomplete: ${why}; the run goes on`);
  });
  return {
    path,
    append: (event) => {
      history.append(event);
    },
    write: (name, text) => replaceFile(join(path, name), text),
    [Symbol.dispose]: () => {
      history.flush();
      closeSync(file);
    },
  };
}

/**
 * Reads the history in a run's folder. Ignores an unfinished last line, which a killed run leaves.
 *
 * @throws Error in one line naming the file and the line that is not an event
 */
export async function readHistory(folder: string): Promise<History> {
  const path = join(folder, HISTORY_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`can't read ${path}: ${explain(error)}; name the folder of a run`, { cause: error });
  });
  const lines = text.split('\n').slice(0, -1);
  const history = lines.map((line, i) => parseEvent(line, `${path}:${String(i + 1)}`));
  if (history[0]?.type !== 'run') throw new Error(`${path}:1: a history begins with a \`run\` event`);
  const second = history.findIndex(({ type }, i) => type === 'run' && i > 0);
  if (second > 0)
    throw new Error(`${path}:${String(second + 1)}: a history has one \`run\` event, its first`);
  return history;
}

function parseEvent(line: string, place: string): HistoryEvent {
  return parsedFile(place, recordedEventSchema, jsonOf(line, place), 'event');
}

/** The folder of new runs, in the working folder, a suite's or a matrix'. */
export const RUNS = 'runs';

/** A free folder for a run in that of a suite or a matrix: `runs/NAME`, numbered where an earlier attempt exists. */
export function freeFolder(folder: string, name: string): string {
  for (let again = 1; ; again++) {
    const path = join(RUNS, again === 1 ? name : `${name}-${String(again)}`);
    if (!existsSync(join(folder, path))) return path;
  }
}

/** The default folder: `runs/YYYYMMDD-HHMMSS-NAME-xxxx` (UTC). */
export function newFolder(name: string): string {
  const [day = '', time = ''] = new Date()
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T');
  return join(RUNS, `${day}-${time}-${name}-${randomBytes(2).toString('hex')}`);
}

/**
 * Why a folder can't hold a run: other files must not mix with the run's.
 *
 * @returns undefined where it is empty or missing
 */
export function occupied(path: string): string | undefined {
  // Of a missing or unreadable folder, creating the run's files tells.
  const there = namesIn(path);
  if (there.length === 0) return undefined;
  const why = there.includes(HISTORY_FILE) ? 'holds a run already' : 'is not empty';
  return `${path} ${why}: give another folder with --out`;
}

function create(path: string): number {
  const reason = occupied(path);
  if (reason !== undefined) throw new Error(reason);
  try {
    makeFolder(path);
    const file = join(path, HISTORY_FILE);
    const fd = openSync(file, 'wx');
    giveToCaller(fd, file);
    return fd;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Error(`${path} holds a run already: give another folder with --out`, {
        cause: error,
      });
    }
    throw new Error(`can't create ${path}: ${explain(error)}; give a folder with --out`, { cause: error });
  }
}

function historyWriter(file: number, warn: (why: string) => void) {
  let waiting: string[] = [];
  let size = 0;
  let written = 0;
  let warned = false;

  function flush(): void {
    if (waiting.length === 0) return;
    const bytes = Buffer.from(waiting.join(''));
    try {
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, written + done);
      written += bytes.length;
      waiting = [];
    } catch (error) {
      dropPartial();
      if (!warned) warn(explain(error));
      warned = true;
    } finally {
      size = 0;
    }
  }

  /** Truncates to whole lines after a failed write. */
  function dropPartial(): void {
    try {
      ftruncateSync(file, written);
    } catch {
      // The write's error is reported; readHistory ignores an unfinished line.
    }
  }

  return {
    append(event: HistoryEvent): void {
      const line = `${JSON.stringify(event)}\n`;
      waiting.push(line);
      size += line.length;
      const betweenPhases = !('phase' in event) || (event.type === 'phase' && event.edge === 'end');
      if (betweenPhases || size > ENOUGH) flush();
    },
    flush,
  };
}
