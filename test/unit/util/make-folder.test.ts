import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/util/make-folder.ts';

const isRoot = process.geteuid?.() === 0;
const USER = 65_534;
const SUDO = { SUDO_UID: String(USER), SUDO_GID: String(USER) };

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tablefull-made-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

describe.skipIf(!isRoot)(`a folder that is made with sudo${isRoot ? '' : ' (skipped: needs root)'}`, () => {
  const owners = (...paths: readonly string[]): readonly number[] =>
    paths.map((path) => statSync(join(place, path)).uid);

  it('is the user’s below a folder of the user’s, each on the way', () => {
    chownSync(place, USER, USER);
    makeFolder(join(place, 'runs/1'), SUDO);
    expect(owners('runs', 'runs/1')).toEqual([USER, USER]);
  });

  it('stays root’s below a folder of root’s', () => {
    makeFolder(join(place, 'runs/1'), SUDO);
    expect(owners('runs', 'runs/1')).toEqual([0, 0]);
  });

  it('leaves a folder alone that was there', () => {
    chownSync(place, USER, USER);
    mkdirSync(join(place, 'runs'));
    makeFolder(join(place, 'runs'), SUDO);
    expect(owners('runs')).toEqual([0]);
  });
});
