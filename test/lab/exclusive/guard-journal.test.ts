import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GlobalChanges } from '../../../src/guard/global-change.ts';
import { removeJournal, writeJournal } from '../../../src/guard/journal.ts';
import { restoreLeftovers } from '../../../src/guard/leftovers.ts';
import { acquireShared } from '../../../src/guard/limit-lock.ts';
import { bootId, runningProcess } from '../../../src/guard/owner.ts';
import { kernelSysctls, mayChangeLimit } from '../../../src/guard/sysctls.ts';
import { scratch } from '../command.ts';
import { NEVER } from '../../unit/support/never.ts';

const waitMs = 60_000;
const GLOBAL_CHANGE = new URL('../../../src/guard/global-change.ts', import.meta.url).href;

describe('a journal whose owner lives and holds no lock', { timeout: 90_000 }, () => {
  let folder: ReturnType<typeof scratch>;
  let journal: string;
  beforeEach(() => {
    folder = scratch();
    journal = `${folder.path}/tablefull/journal.json`;
    const owner = runningProcess(process.pid) ?? expect.fail('this process has no entry in /proc');
    const found = kernelSysctls.read('nf_conntrack_max');
    writeJournal(journal, {
      schema: 'tablefull/journal/v2',
      boot: bootId(),
      owner,
      entries: [{ what: 'sysctl', name: 'nf_conntrack_max', before: found, set: found }],
    });
  });
  afterEach(() => {
    folder[Symbol.dispose]();
  });
  const refusal = (): RegExp =>
    new RegExp(
      `^process ${String(process.pid)} has changed the conntrack limit \\(${journal}\\); .* delete the file$`,
    );

  it('a run that relies on the limit refuses such a journal instead of reading it again and again', async () => {
    await expect(acquireShared(NEVER, { waitMs, journal })).rejects.toThrow(refusal());
    expect(existsSync(journal)).toBe(true);
  });

  it('the restore names such a journal and leaves it alone', async () => {
    const report = await restoreLeftovers({ waitMs, journal });
    expect(report).toMatchObject({
      status: 'incomplete',
      restored: [],
      left: [expect.stringMatching(refusal())],
    });
    expect(existsSync(journal)).toBe(true);
  });

  it('a run that would change the limit refuses such a journal', async ({ skip }) => {
    skip(!mayChangeLimit(), 'only root in the initial network namespace can change it');
    await expect(GlobalChanges.open(NEVER, { waitMs, journal })).rejects.toThrow(refusal());
    expect(existsSync(journal)).toBe(true);
  });

  it('a deleted journal stops nobody', async () => {
    removeJournal(journal);
    expect((await restoreLeftovers({ waitMs, journal })).status).toBe('complete');
    await using _ = await acquireShared(NEVER, { waitMs, journal });
  });
});

describe('a machine whose /run can’t be written to', { timeout: 90_000 }, () => {
  it('a run without a writable /run changes nothing, says so in one line, and has nothing left to restore', async ({
    skip,
  }) => {
    skip(!mayChangeLimit(), 'only root in the initial network namespace can change it');
    using folder = scratch();
    const journal = `${folder.path}/tablefull/journal.json`;
    const before = kernelSysctls.read('nf_conntrack_max');
    const script = `
      const { GlobalChanges } = await import(${JSON.stringify(GLOBAL_CHANGE)});
      const changes = await GlobalChanges.open(new AbortController().signal, { waitMs: ${String(waitMs)}, journal: ${JSON.stringify(journal)} });
      const why = await changes.set('nf_conntrack_max', ${String(before + 7_856)}).catch((error) => error.message);
      console.log(JSON.stringify({ why, report: await changes.restore() }));`;
    const { stdout } = await execa('unshare', [
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs -o ro tmpfs "$0" && exec "$@"',
      folder.path,
      process.execPath,
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      why: `nf_conntrack_max was not changed: can’t write ${journal}: read-only file system (EROFS); make its folder writable`,
      report: { status: 'complete', restored: [], left: [] },
    });
    expect(kernelSysctls.read('nf_conntrack_max')).toBe(before);
    rmSync(dirname(journal), { recursive: true, force: true });
  });
});
