import { writeSync } from 'node:fs';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { HISTORY_FILE, openRunFolder, readHistory } from '../../src/run/store.ts';
import { HistoryBuilder } from './history-builder.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return { ...fs, writeSync: vi.fn(fs.writeSync) };
});

it('a history on a full disk is complained of once, keeps whole lines, and is whole once there is room again', async () => {
  await using place = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
  const out = join(place.path, 'run');
  const history = new HistoryBuilder().symptom().over();
  const complaints: string[] = [];
  const { writeSync: really } = await vi.importActual<typeof import('node:fs')>('node:fs');
  const full = (file: number, bytes: NodeJS.ArrayBufferView): number => {
    really(file, bytes, 0, 10);
    throw Object.assign(new Error('write'), { errno: -28, code: 'ENOSPC' });
  };
  {
    using folder = openRunFolder(out, 'saturate', (line) => complaints.push(line));
    for (const [i, event] of history.entries()) {
      vi.mocked(writeSync).mockImplementation(
        i > 0 && i < history.length - 1 ? (full as typeof writeSync) : really,
      );
      folder.append(event);
      if (i === history.length - 2) expect(await readFile(join(out, HISTORY_FILE), 'utf8')).toMatch(/^.+\n$/);
    }
  }
  expect(complaints).toEqual([
    `${join(out, HISTORY_FILE)} is incomplete: no space left on device (ENOSPC); the run goes on`,
  ]);
  expect(await readHistory(out)).toEqual(history);
});
