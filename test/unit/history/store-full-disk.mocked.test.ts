import { writeSync } from 'node:fs';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type * as FileSystem from 'node:fs';
import { HISTORY_FILE, openRunFolder, readHistory } from '../../../src/history/store.ts';
import { HistoryBuilder } from '../judge/history-builder.ts';

// A disk that is full from time to time: a write gets ten bytes down, then fails.
let full = false;
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>();
  function writeOrFail(
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number {
    if (!full) return real.writeSync(file, bytes, offset, length, position);
    real.writeSync(file, bytes, offset, 10, position);
    throw Object.assign(new Error('write'), { errno: -28, code: 'ENOSPC' });
  }
  return { ...real, writeSync: vi.fn(writeOrFail) };
});

it('a history on a full disk is reported once, keeps whole lines, and is whole once there is room again', async () => {
  await using place = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
  const out = join(place.path, 'run');
  const history = new HistoryBuilder().symptom().over();
  const warnings: string[] = [];
  {
    using folder = openRunFolder(out, 'saturate', (line) => warnings.push(line));
    for (const [i, event] of history.entries()) {
      full = i > 0 && i < history.length - 1;
      folder.append(event);
      if (i === history.length - 2) expect(await readFile(join(out, HISTORY_FILE), 'utf8')).toMatch(/^.+\n$/);
    }
  }
  expect(vi.mocked(writeSync).mock.calls.length).toBeGreaterThan(3);
  expect(warnings).toEqual([
    `${join(out, HISTORY_FILE)} is incomplete: no space left on device (ENOSPC); the run goes on`,
  ]);
  expect(await readHistory(out)).toEqual(history);
});
