import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { showPaged } from '../../../src/cli/screen/pager.ts';
import { Kept } from './cli.ts';

const LONG = 'a line\n'.repeat(30);

describe('a long text', () => {
  it('goes to the pager of a terminal', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tablefull-pager-'));
    const file = join(folder, 'paged');
    const stdout = Object.assign(new Kept(), { isTTY: true, rows: 24 });
    showPaged({ stdout, env: { PAGER: `dd of=${file} status=none` } }, LONG);
    expect([stdout.text, readFileSync(file, 'utf8')]).toEqual(['', LONG]);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['is printed where there is no such pager', true, 24, 'no-such-pager'],
    ['is printed where the user wants none', true, 24, ''],
    ['is printed where it fits', true, 40, 'no-such-pager'],
    ['is printed where there is no terminal', false, 24, 'no-such-pager'],
  ])('%s', (_, isTTY, rows, PAGER) => {
    const stdout = Object.assign(new Kept(), { isTTY, rows });
    showPaged({ stdout, env: { PAGER } }, LONG);
    expect(stdout.text).toBe(LONG);
  });
});
