import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal, removeJournal, writeJournal } from '../../../src/guard/journal.ts';
import { JournaledChanges } from '../../../src/guard/journaled-changes.ts';
import { restoreLeftovers } from '../../../src/guard/leftovers.ts';
import { bootId, runningProcess } from '../../../src/guard/owner.ts';
import type { GlobalSysctl, Sysctls } from '../../../src/guard/sysctls.ts';

const OWNER = runningProcess(process.pid) ?? expect.fail('this process has no entry in /proc');
const JOURNAL = fileURLOf('../../../src/guard/journal.ts');

function fileURLOf(path: string): string {
  return new URL(path, import.meta.url).href;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guard-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A kernel in memory that counts writes. */
function kernel(): Sysctls & { written: number } {
  const values = new Map<GlobalSysctl, number>();
  return {
    written: 0,
    read: (name) => values.get(name) ?? 262144,
    write(name, value) {
      this.written += 1;
      values.set(name, value);
    },
  };
}

describe('a journal that is no ordinary file', () => {
  it('is refused at once where it is a FIFO, which would keep a reader waiting for ever', async () => {
    const path = join(root, 'journal.json');
    await execa('mkfifo', [path]);
    const script = `
      const { readJournal } = await import(${JSON.stringify(JOURNAL)});
      try { readJournal(${JSON.stringify(path)}); } catch (error) { console.log(error.message); }`;
    const reader = await execa(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 10_000,
      reject: false,
    });
    expect(reader.timedOut).toBe(false);
    expect(reader.stdout).toMatch(
      /^\S+\/journal\.json is not a journal of this version \(it is not a regular file\): .* then delete the file$/,
    );
  }, 20_000);

  it('is refused where it is a device without an end, or a folder', () => {
    for (const target of ['/dev/zero', '/proc']) {
      const path = join(root, target.replaceAll('/', '-'));
      symlinkSync(target, path);
      expect(() => readJournal(path)).toThrow(
        /is not a journal of this version \(it is not a regular file\)/,
      );
    }
  });

  it('stops no command: the report names it', async () => {
    const path = join(root, 'journal.json');
    symlinkSync('/dev/null', path);
    expect(await restoreLeftovers({ journal: path })).toMatchObject({
      status: 'incomplete',
      left: [expect.stringContaining('it is not a regular file')],
    });
  });
});

describe('where no journal can be written', () => {
  /** Not even root can make a folder below a file. */
  const unwritable = (): string => {
    writeFileSync(join(root, 'file'), '');
    return join(root, 'file', 'tablefull', 'journal.json');
  };

  it('nothing is changed, in one line that names the journal and the fix', () => {
    const machine = kernel();
    const changes = new JournaledChanges(unwritable(), OWNER, machine);
    expect(() => changes.set('nf_conntrack_max', 270000)).toThrow(
      /^nf_conntrack_max was not changed: can’t write \S+\/journal\.json: .* \(ENOTDIR\); make its folder writable$/,
    );
    expect(machine.written).toBe(0);
  });

  it('nothing is left to restore, as nothing was changed', () => {
    const machine = kernel();
    const changes = new JournaledChanges(unwritable(), OWNER, machine);
    expect(() => changes.set('nf_conntrack_max', 270000)).toThrow();
    expect(() => changes.delegate('nf_conntrack_max')).toThrow(/can’t write/);
    expect(changes.restore()).toEqual({ status: 'complete', restored: [], left: [] });
    expect(machine.written).toBe(0);
  });

  it('there is none to remove', () => {
    expect(() => {
      removeJournal(unwritable());
    }).not.toThrow();
  });
});

describe('a journal that can no longer be removed', () => {
  it('is named with what was put back all the same', () => {
    const path = join(root, 'tablefull', 'journal.json');
    const machine = kernel();
    const changes = new JournaledChanges(path, OWNER, machine);
    changes.set('nf_conntrack_max', 270000);
    // Not even root can remove a folder like a file.
    rmSync(path);
    writeJournal(join(path, 'in-the-way', 'journal.json'), {
      schema: 'tablefull/journal/v2',
      boot: bootId(),
      owner: OWNER,
      entries: [],
    });
    const report = changes.restore();
    expect(machine.read('nf_conntrack_max')).toBe(262144);
    expect(report).toMatchObject({
      status: 'incomplete',
      restored: ['nf_conntrack_max = 262144 (was 270000)'],
      left: [expect.stringMatching(/journal\.json can’t be removed .*: delete it/)],
    });
    expect(existsSync(path)).toBe(true);
  });
});
