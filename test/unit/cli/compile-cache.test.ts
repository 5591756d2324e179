import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileCacheFolder } from '../../../src/cli/compile-cache.ts';

const USER = process.geteuid?.() ?? expect.fail('this needs Linux');

let place: string;
let env: { HOME: string; TMPDIR: string };
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tablefull-cache-'));
  env = { HOME: join(place, 'home'), TMPDIR: join(place, 'tmp') };
  mkdirSync(env.HOME, { mode: 0o700 });
  mkdirSync(env.TMPDIR);
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

const among = (temporary: string): string => join(temporary, `tablefull-compiled-${String(USER)}`);

describe('the folder for compiled code', () => {
  it('is the user’s cache, made so that nobody else can write to it', () => {
    const folder = join(env.HOME, '.cache/tablefull/compiled');
    expect(compileCacheFolder(env)).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(compileCacheFolder(env)).toBe(folder);
  });

  it('is in XDG_CACHE_HOME where there is one', () => {
    const own = join(place, 'xdg');
    mkdirSync(own, { mode: 0o700 });
    expect(compileCacheFolder({ ...env, XDG_CACHE_HOME: own })).toBe(join(own, 'tablefull/compiled'));
  });

  it.each([
    ['there is none', undefined],
    ['it is empty', ''],
    ['it does not exist', '/nonexistent'],
    ['nothing can be made in it', '/proc/self'],
  ])('is among the temporary files where %s of a home', (_, home) => {
    const { HOME: _own, ...rest } = env;
    expect(compileCacheFolder(home === undefined ? rest : { ...rest, HOME: home })).toBe(among(env.TMPDIR));
  });

  it('is not in a home that others can write to', () => {
    chmodSync(env.HOME, 0o777);
    expect(compileCacheFolder(env)).toBe(among(env.TMPDIR));
    expect(existsSync(join(env.HOME, '.cache'))).toBe(false);
  });

  it('is none where somebody else may have put one among the temporary files', () => {
    const temporary = { TMPDIR: env.TMPDIR };
    const elsewhere = join(place, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, among(env.TMPDIR));
    expect(compileCacheFolder(temporary)).toBeUndefined();
    rmSync(among(env.TMPDIR));
    mkdirSync(among(env.TMPDIR));
    chmodSync(among(env.TMPDIR), 0o777);
    expect(compileCacheFolder(temporary)).toBeUndefined();
  });

  it('is none where there is no place for temporary files either', () => {
    expect(compileCacheFolder({ HOME: '/nonexistent', TMPDIR: '/proc/self' })).toBeUndefined();
  });
});
