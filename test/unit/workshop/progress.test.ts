import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEW, points, Progress } from '../../../src/workshop/progress.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'tablefull-progress-'));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});
const progress = (): Progress => new Progress({ XDG_STATE_HOME: state });
const file = (): string => join(state, 'tablefull', 'workshop.json');

describe('the points of a lesson', () => {
  it.each([
    [{ ...NEW, solved: true }, 10],
    [{ ...NEW, solved: true, hints: 2, checks: 1 }, 5],
    [{ ...NEW, solved: true, hints: 5, checks: 9 }, 1],
    [{ ...NEW, solved: true, gaveUp: true }, 0],
    [{ ...NEW, hints: 1 }, 0],
  ])('of %j are %d', (attempt, expected) => {
    expect(points(attempt)).toBe(expected);
  });
});

describe('a learner’s progress', () => {
  it('survives the command, and keeps the best attempt', async () => {
    await progress().keep('full-table', { ...NEW, solved: true, hints: 1 });
    await progress().keep('full-table', { ...NEW, solved: true, hints: 3 });
    await progress().keep('reset-by-peer', { ...NEW, solved: true });
    expect(progress().lessons).toMatchObject({ 'full-table': { hints: 1 }, 'reset-by-peer': { hints: 0 } });
  });

  it('begins anew where the file is damaged', async () => {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), 'not JSON');
    expect(progress().lessons).toEqual({});
    await progress().keep('full-table', { ...NEW, solved: true });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ schema: 'tablefull/workshop/v1' });
  });
});
