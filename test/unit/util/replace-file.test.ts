import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunFolder } from '../../../src/history/store.ts';
import { replaceFile } from '../../../src/util/replace-file.ts';

const isRoot = process.geteuid?.() === 0;
const USER = 65_534;
const SUDO = { SUDO_UID: String(USER), SUDO_GID: String(USER) };

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tablefull-replaced-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

describe.skipIf(!isRoot)(`a file that is written with sudo${isRoot ? '' : ' (skipped: needs root)'}`, () => {
  it('belongs to the user whose folder it is in', async () => {
    chownSync(place, USER, USER);
    await replaceFile(join(place, 'verdict.json'), '{}', SUDO);
    expect(statSync(join(place, 'verdict.json')).uid).toBe(USER);
    expect(readFileSync(join(place, 'verdict.json'), 'utf8')).toBe('{}');
  });

  it('stays root’s in a folder of root’s', async () => {
    await replaceFile(join(place, 'verdict.json'), '{}', SUDO);
    expect(statSync(join(place, 'verdict.json')).uid).toBe(0);
  });

  it('is the user’s if it is a run’s history', () => {
    chownSync(place, USER, USER);
    const { SUDO_UID, SUDO_GID } = process.env;
    Object.assign(process.env, SUDO);
    try {
      using folder = openRunFolder(join(place, 'run'), 'boom', () => undefined);
      expect(statSync(join(folder.path, 'history.jsonl')).uid).toBe(USER);
    } finally {
      restoreEnv({ SUDO_UID, SUDO_GID });
    }
  });
});

function restoreEnv(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
