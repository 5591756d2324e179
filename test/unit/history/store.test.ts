import { appendFile, mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HISTORY_FILE, openRunFolder, readHistory } from '../../../src/history/store.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';

const history = new HistoryBuilder().symptom().over();

async function place(): Promise<string> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
  onTestFinished(() => folder.remove());
  return join(folder.path, 'run');
}

function warner() {
  const lines: string[] = [];
  return { lines, warn: (line: string) => void lines.push(line) };
}

async function stored(): Promise<string> {
  const out = await place();
  using folder = openRunFolder(out, 'saturate', warner().warn);
  for (const event of history) folder.append(event);
  return out;
}

describe('the folder of a run', () => {
  it('gives back the history that was put in', async () => {
    expect(await readHistory(await stored())).toEqual(history);
  });

  it('has each phase on disk as soon as it is over, and no half of one before', async () => {
    const out = await place();
    using folder = openRunFolder(out, 'saturate', warner().warn);
    const ends = history.findIndex((event) => event.type === 'phase' && event.edge === 'end');
    for (const event of history.slice(0, ends)) folder.append(event);
    expect(await readHistory(out)).toEqual(history.slice(0, 1));
    folder.append(history[ends] ?? expect.fail());
    expect(await readHistory(out)).toEqual(history.slice(0, ends + 1));
  });

  it('has everything on disk once it is closed, be it in the middle of a phase', async () => {
    const out = await place();
    {
      using folder = openRunFolder(out, 'saturate', warner().warn);
      for (const event of history.slice(0, 4)) folder.append(event);
    }
    expect(await readHistory(out)).toEqual(history.slice(0, 4));
  });

  it('is never one that holds a run already', async () => {
    const out = await stored();
    expect(() => openRunFolder(out, 'saturate', warner().warn)).toThrow(
      `${out} holds a run already: give another folder with --out`,
    );
  });

  it('is never one that holds anything else', async () => {
    const out = await place();
    await mkdir(out);
    await writeFile(join(out, 'notes.txt'), '');
    expect(() => openRunFolder(out, 'saturate', warner().warn)).toThrow(
      `${out} is not empty: give another folder with --out`,
    );
    expect(await readdir(out)).toEqual(['notes.txt']);
  });

  it.each([
    ['/dev/null/run', 'not a directory (ENOTDIR)'],
    ['/proc/self/run', 'no such file or directory (ENOENT)'],
  ])('that can’t be made says so in one line: %s', (path, why) => {
    expect(() => openRunFolder(path, 'saturate', warner().warn)).toThrow(
      `can't create ${path}: ${why}; give a folder with --out`,
    );
  });

  it('is named after the time and the scenario where no name is given', async () => {
    const here = await place();
    await mkdir(here);
    const script = `
      const { openRunFolder } = await import(${JSON.stringify(new URL('../../../src/history/store.ts', import.meta.url).href)});
      using folder = openRunFolder(undefined, 'saturate', console.error);
      console.log(folder.path);`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: here,
    });
    expect(stdout).toMatch(/^runs\/\d{8}-\d{6}-saturate-[0-9a-f]{4}$/);
    expect(await readdir(join(here, stdout))).toEqual([HISTORY_FILE]);
  });

  it('keeps other files whole', async () => {
    const out = await place();
    using folder = openRunFolder(out, 'saturate', warner().warn);
    await folder.write('verdict.json', '{}');
    await folder.write('verdict.json', '{"a":1}');
    expect(await readFile(join(out, 'verdict.json'), 'utf8')).toBe('{"a":1}');
  });
});

describe('a history that was damaged', () => {
  it('is refused by file, line and field', async () => {
    const out = await stored();
    await appendFile(join(out, HISTORY_FILE), '{"type":"restore","t":1,"status":"perhaps","left":[]}\n');
    await expect(readHistory(out)).rejects.toThrow(
      new RegExp(`^${join(out, HISTORY_FILE)}:${String(history.length + 1)}: event.status: `),
    );
  });

  it('is refused where a line is not JSON', async () => {
    const out = await stored();
    await appendFile(join(out, HISTORY_FILE), 'oops\n');
    await expect(readHistory(out)).rejects.toThrow(
      `${HISTORY_FILE}:${String(history.length + 1)}: this is not JSON`,
    );
  });

  it('by a kill in the middle of a line is read up to that line', async () => {
    const out = await stored();
    await appendFile(join(out, HISTORY_FILE), '{"type":"sam');
    expect(await readHistory(out)).toEqual(history);
  });

  it('or is not there is refused in one line', async () => {
    const out = await stored();
    await writeFile(join(out, HISTORY_FILE), '');
    await expect(readHistory(out)).rejects.toThrow('a history begins with a `run` event');
    await expect(readHistory('/nowhere')).rejects.toThrow(
      "can't read /nowhere/history.jsonl: no such file or directory (ENOENT); name the folder of a run",
    );
  });
});
