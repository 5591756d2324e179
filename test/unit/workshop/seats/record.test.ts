import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEW } from '../../../../src/workshop/progress.ts';
import { classOf, SeatsFile } from '../../../../src/workshop/seats/record.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'tablefull-seats-'));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});
const file = (): SeatsFile => new SeatsFile('full-table', { XDG_STATE_HOME: state });

describe('a class that is kept', () => {
  it('goes on with its links and its progress, and gets more seats', async () => {
    const first = classOf('full-table', 2, undefined);
    const [one] = first.seats;
    const solved = { ...first, seats: [{ ...one, token: one?.token ?? '', attempt: { ...NEW, hints: 2 } }] };
    await file().write(solved);
    const next = classOf('full-table', 3, file().read());
    expect(next.trainer).toBe(first.trainer);
    expect(next.seats).toHaveLength(3);
    expect(next.seats[0]).toEqual(solved.seats[0]);
  });

  it('keeps the seats beyond those that are asked for', () => {
    const first = classOf('full-table', 3, undefined);
    expect(classOf('full-table', 1, first).seats).toEqual(first.seats);
  });

  it('has a link of its own for everyone, and none is of another lesson', () => {
    const first = classOf('full-table', 20, undefined);
    const tokens = [first.trainer, ...first.seats.map(({ token }) => token)];
    expect(new Set(tokens).size).toBe(21);
    expect(classOf('slow-names', 20, first).trainer).not.toBe(first.trainer);
  });

  it('is in a file that only its user can read', async () => {
    expect(file().read()).toBeUndefined();
    await file().write(classOf('full-table', 1, undefined));
    expect(statSync(file().path).mode & 0o777).toBe(0o600);
  });

  it('says which file is damaged, and what to do', async () => {
    await file().write(classOf('full-table', 1, undefined));
    writeFileSync(file().path, '{}');
    expect(() => file().read()).toThrow(`${file().path} is damaged; --anew begins without it`);
  });
});
