import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalSchema, readJournal, writeJournal } from '../../../src/guard/journal.ts';
import { JournaledChanges } from '../../../src/guard/journaled-changes.ts';
import { restoreLeftovers } from '../../../src/guard/leftovers.ts';
import { bootId, isAlive, runningProcess } from '../../../src/guard/owner.ts';
import { restoreJournal } from '../../../src/guard/restore.ts';
import { GLOBAL_SYSCTLS, type GlobalSysctl, type Sysctls } from '../../../src/guard/sysctls.ts';

const FOUND = { nf_conntrack_max: 262144, nf_conntrack_buckets: 262144, 'bridge-nf-call-iptables': 1 };
const OWNER = { pid: 1, starttime: 0 };

/** A kernel in memory that rounds buckets like the real one, and dies with its writer at the nth call. */
class FakeKernel implements Sysctls {
  readonly values: Record<GlobalSysctl, number> = { ...FOUND };
  /** Calls until death; a write that dies may or may not have taken place. */
  lives = Infinity;
  diesAfterWriting = false;

  read(name: GlobalSysctl): number {
    this.#live();
    return this.values[name];
  }

  write(name: GlobalSysctl, value: number): void {
    const rounded = name === 'nf_conntrack_buckets' ? Math.ceil(value / 512) * 512 : value;
    if (this.diesAfterWriting) this.values[name] = rounded;
    this.#live();
    this.values[name] = rounded;
  }

  #live(): void {
    this.lives -= 1;
    if (this.lives < 0) throw new Error('killed');
  }
}

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guard-'));
  path = join(root, 'tablefull', 'journal.json');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('a global change', () => {
  it('is in the journal, with what was there before, by the time the kernel is told', () => {
    const kernel = new FakeKernel();
    const seen: unknown[] = [];
    const spy: Sysctls = {
      read: (name) => kernel.read(name),
      write: (name, value) => {
        seen.push(readJournal(path)?.entries);
        kernel.write(name, value);
      },
    };
    new JournaledChanges(path, OWNER, spy).set('nf_conntrack_max', 270000);
    expect(seen).toEqual([[{ what: 'sysctl', name: 'nf_conntrack_max', before: 262144, set: null }]]);
    expect(readJournal(path)?.entries).toEqual([
      { what: 'sysctl', name: 'nf_conntrack_max', before: 262144, set: 270000 },
    ]);
  });

  it('reports the value that the kernel made of the one asked for', () => {
    const changes = new JournaledChanges(path, OWNER, new FakeKernel());
    expect(changes.set('nf_conntrack_buckets', 300)).toEqual({ before: 262144, after: 512 });
  });

  it('is undone to what was there before the first of several', () => {
    const kernel = new FakeKernel();
    const changes = new JournaledChanges(path, OWNER, kernel);
    changes.set('nf_conntrack_max', 270000);
    expect(changes.set('nf_conntrack_max', 280000)).toEqual({ before: 270000, after: 280000 });
    expect(changes.undo('nf_conntrack_max')).toEqual({ before: 280000, after: 262144 });
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is undone even if somebody deleted the journal in between', () => {
    const kernel = new FakeKernel();
    const changes = new JournaledChanges(path, OWNER, kernel);
    changes.set('nf_conntrack_max', 270000);
    rmSync(dirname(path), { recursive: true });
    expect(changes.restore()).toMatchObject({ status: 'complete', left: [] });
    expect(kernel.values).toEqual(FOUND);
  });

  it('is restored whatever it has become, once it was delegated', () => {
    const kernel = new FakeKernel();
    const changes = new JournaledChanges(path, OWNER, kernel);
    expect(changes.delegate('nf_conntrack_max')).toEqual({ before: 262144, after: 262144 });
    expect(readJournal(path)?.entries).toEqual([
      { what: 'sysctl', name: 'nf_conntrack_max', before: 262144, set: null },
    ]);
    kernel.values.nf_conntrack_max = 131072;
    expect(changes.restore()).toMatchObject({ status: 'complete', left: [] });
    expect([kernel.values, existsSync(path)]).toEqual([FOUND, false]);
  });

  it('is never undone over a value that somebody else has set since, at once or at the end', () => {
    const kernel = new FakeKernel();
    const changes = new JournaledChanges(path, OWNER, kernel);
    changes.set('nf_conntrack_max', 270000);
    kernel.values.nf_conntrack_max = 271000;
    expect(() => changes.undo('nf_conntrack_max')).toThrow(/nf_conntrack_max is 271000/);
    const report = changes.restore();
    expect(report.status).toBe('incomplete');
    expect(report.left).toEqual([expect.stringContaining('sysctl -w net.netfilter.nf_conntrack_max=262144')]);
    expect(kernel.values.nf_conntrack_max).toBe(271000);
  });

  it('can always be taken back from the journal, at whatever step the run was killed', () => {
    const step = fc.oneof(
      fc.record({ set: fc.constantFrom(...GLOBAL_SYSCTLS), value: fc.integer({ min: 1, max: 1_000_000 }) }),
      fc.record({ undo: fc.constantFrom(...GLOBAL_SYSCTLS) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.nat(20),
        fc.boolean(),
        (steps, lives, diesAfterWriting) => {
          const kernel = new FakeKernel();
          Object.assign(kernel, { lives, diesAfterWriting });
          const changes = new JournaledChanges(path, OWNER, kernel);
          try {
            for (const each of steps) {
              if ('set' in each) changes.set(each.set, each.value);
              else changes.undo(each.undo);
            }
          } catch {
            // Killed, or there was nothing to undo: the run is over.
          }
          kernel.lives = Infinity;
          expect(restoreJournal(path, kernel)).toMatchObject({ status: 'complete', left: [] });
          expect(kernel.values).toEqual(FOUND);
          expect(existsSync(dirname(path))).toBe(false);
        },
      ),
    );
  });
});

describe('what a dead run left', () => {
  const entries = [
    { what: 'sysctl' as const, name: 'nf_conntrack_max' as const, before: 262144, set: 1200 },
    { what: 'sysctl' as const, name: 'nf_conntrack_buckets' as const, before: 262144, set: 512 },
  ];
  const journal = { schema: 'tablefull/journal/v2' as const, owner: OWNER, entries };

  it('is put back in reverse, so that the hash grows before the table does', () => {
    const written: string[] = [];
    const kernel = new FakeKernel();
    Object.assign(kernel.values, { nf_conntrack_max: 1200, nf_conntrack_buckets: 512 });
    writeJournal(path, { ...journal, boot: bootId() });
    restoreJournal(path, {
      read: (name) => kernel.read(name),
      write: (name, value) => {
        written.push(name);
        kernel.write(name, value);
      },
    });
    expect(written).toEqual(['nf_conntrack_buckets', 'nf_conntrack_max']);
  });

  it('stays in the journal as far as it could not be put back', () => {
    const kernel = new FakeKernel();
    Object.assign(kernel.values, { nf_conntrack_max: 1200, nf_conntrack_buckets: 512 });
    writeJournal(path, { ...journal, boot: bootId() });
    const report = restoreJournal(path, {
      read: (name) => kernel.read(name),
      write: (name, value) => {
        if (name === 'nf_conntrack_max') throw new Error('EROFS');
        kernel.write(name, value);
      },
    });
    expect(report).toEqual({
      status: 'incomplete',
      restored: ['nf_conntrack_buckets = 262144 (was 512)'],
      left: [expect.stringContaining('nf_conntrack_max could not be restored (Error: EROFS)')],
    });
    expect(readJournal(path)?.entries).toEqual([entries[0]]);
  });

  it('must be put back before a new run may change anything', () => {
    writeJournal(path, { ...journal, boot: bootId() });
    const kernel = new FakeKernel();
    Object.assign(kernel.values, { nf_conntrack_max: 1200, nf_conntrack_buckets: 512 });
    const changes = new JournaledChanges(path, OWNER, kernel);
    kernel.lives = 0;
    expect(() => changes.restoreLeftovers()).toThrow(/could not be restored/);
    kernel.lives = Infinity;
    expect(changes.restoreLeftovers().restored).toHaveLength(2);
    expect(changes.set('nf_conntrack_max', 270000).before).toBe(262144);
  });

  it('is nothing after a reboot: the journal is removed and no value touched', () => {
    writeJournal(path, { ...journal, boot: 'an earlier one' });
    const kernel = new FakeKernel();
    Object.assign(kernel.values, { nf_conntrack_max: 1200 });
    const report = restoreJournal(path, kernel);
    expect(report.restored).toEqual([expect.stringContaining('before the last boot')]);
    expect(kernel.values.nf_conntrack_max).toBe(1200);
    expect(existsSync(dirname(path))).toBe(false);
  });
});

describe('the journal', () => {
  it('is read back as it was written', () => {
    const value = fc.nat();
    const entry = fc.record({
      what: fc.constant('sysctl' as const),
      name: fc.constantFrom(...GLOBAL_SYSCTLS),
      before: value,
      set: fc.option(value),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.integer({ min: 1, max: 4194304 }), (entries, pid) => {
        const journal = journalSchema.parse({
          schema: 'tablefull/journal/v2',
          boot: bootId(),
          owner: { pid, starttime: 7 },
          entries,
        });
        writeJournal(path, journal);
        expect(readJournal(path)).toEqual(journal);
      }),
    );
  });

  it('that is damaged, or of an earlier version, is reported in one line with its path and what to do', () => {
    const older = { what: 'sysctl', name: 'nf_conntrack_max', found: 262144, set: 1200 };
    const version1 = { schema: 'tablefull/journal/v1', boot: bootId(), owner: OWNER, entries: [older] };
    for (const text of ['', '{', '{"schema":"tablefull/journal/v9"}', '[]', JSON.stringify(version1)]) {
      writeJournal(path, { schema: 'tablefull/journal/v2', boot: 'x', owner: OWNER, entries: [] });
      writeFileSync(path, text);
      expect(() => readJournal(path)).toThrow(
        new RegExp(`^${path} is not a journal .* then delete the file$`),
      );
    }
  });

  it('that is damaged stops no command: the report says so', async () => {
    writeJournal(path, { schema: 'tablefull/journal/v2', boot: 'x', owner: OWNER, entries: [] });
    writeFileSync(path, '{');
    expect(await restoreLeftovers({ journal: path })).toEqual({
      status: 'incomplete',
      restored: [],
      left: [expect.stringContaining(`${path} is not a journal`)],
    });
  });

  it('shares its directory: what else is there stays', () => {
    const changes = new JournaledChanges(path, OWNER, new FakeKernel());
    changes.set('nf_conntrack_max', 270000);
    writeFileSync(join(dirname(path), 'other'), 'mine');
    changes.restore();
    expect(readFileSync(join(dirname(path), 'other'), 'utf8')).toBe('mine');
  });
});

describe('the owner of a journal', () => {
  it('is alive while its process runs', () => {
    const self = runningProcess(process.pid);
    expect(self?.pid).toBe(process.pid);
    expect(self?.starttime).toBeGreaterThan(runningProcess(process.ppid)?.starttime ?? Infinity);
    expect(self && isAlive(self)).toBe(true);
  });

  it('is dead if another process has its number now', () => {
    expect(isAlive({ pid: process.pid, starttime: 1 })).toBe(false);
  });
});
