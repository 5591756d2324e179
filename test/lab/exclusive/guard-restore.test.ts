import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdLock } from '../../../src/guard/flock.ts';
import { GlobalChanges } from '../../../src/guard/global-change.ts';
import { readJournal, removeJournal, writeJournal } from '../../../src/guard/journal.ts';
import { restoreLeftovers } from '../../../src/guard/leftovers.ts';
import { acquireShared } from '../../../src/guard/limit-lock.ts';
import { bootId, isAlive } from '../../../src/guard/owner.ts';
import { kernelSysctls, mayChangeLimit } from '../../../src/guard/sysctls.ts';
import { NEVER } from '../../unit/support/never.ts';

const RUN = fileURLToPath(new URL('../fixtures/guard-run.ts', import.meta.url));
const LEFTOVERS = new URL('../../../src/guard/leftovers.ts', import.meta.url).href;
const waitMs = 60_000;
/** Another journal than the one that this machine's runs use. */
const journal = `/run/tablefull-test-${process.pid}/journal.json`;
const AN_HOUR = 3_600_000;
/** Other runs may hold the limit. */
const timeout = 90_000;
const SOON = { timeout: 5_000, interval: 5 };

const values = () => ({
  max: kernelSysctls.read('nf_conntrack_max'),
  buckets: kernelSysctls.read('nf_conntrack_buckets'),
});
let found: ReturnType<typeof values>;
/** A few thousand above the current limit: that harms nobody. */
let more: number;

/** A run in a separate process that has raised the limit, and its watchdog. */
async function startRun() {
  const run = execa(process.execPath, [RUN, journal, String(more)], { reject: false });
  await Promise.race([once(run.stdout, 'data'), run]);
  const watchdog = readJournal(journal)?.owner ?? expect.fail('there is no journal');
  return { run, watchdog };
}

/** Leaves a raised limit: the run was killed together with its watchdog. */
async function leaveLeftovers(): Promise<void> {
  const { run, watchdog } = await startRun();
  process.kill(watchdog.pid, 'SIGKILL');
  run.kill('SIGKILL');
  await run;
  await vi.waitFor(() => {
    expect(isAlive(watchdog)).toBe(false);
  }, SOON);
  expect(values().max).toBe(more);
}

describe('the conntrack limit of the machine', { timeout }, () => {
  beforeAll(async () => {
    if (!mayChangeLimit()) return;
    await using _ = await acquireShared(NEVER, { waitMs, journal });
    found = values();
    more = found.max + 7_856;
  }, timeout);
  beforeEach(({ skip }) => {
    skip(!mayChangeLimit(), 'only root in the initial network namespace can change it');
  });
  afterEach(async () => {
    await using _ = await acquireShared(NEVER, { waitMs, journal });
    expect(values()).toEqual(found);
    expect(existsSync(dirname(journal))).toBe(false);
  }, timeout);

  it('a run raises the limit and the buckets, and restores both at its end', async () => {
    await using changes = await GlobalChanges.open(NEVER, { waitMs, journal });
    const buckets = await changes.set('nf_conntrack_buckets', 2 * found.buckets);
    expect(buckets).toEqual({ before: found.buckets, after: 2 * found.buckets });
    await changes.set('nf_conntrack_max', more);
    expect(values()).toEqual({ max: more, buckets: 2 * found.buckets });
    expect(await changes.undo('nf_conntrack_max')).toEqual({ before: more, after: found.max });
    expect(await changes.restore()).toEqual({
      status: 'complete',
      restored: [`nf_conntrack_buckets = ${found.buckets} (was ${2 * found.buckets})`],
      left: [],
    });
    expect(values()).toEqual(found);
    expect(changes.lost.aborted).toBe(false);
    await expect(changes.set('nf_conntrack_max', more)).rejects.toThrow('it cannot be changed again');
  });

  it('only one run at a time can change the limit', async () => {
    await using _ = await GlobalChanges.open(NEVER, { waitMs, journal });
    await expect(GlobalChanges.open(NEVER, { waitMs: 100, journal })).rejects.toThrow(
      /the conntrack limit is locked by another run \(process \d+: .+\)/,
    );
  });

  it('an aborted run stops waiting for the limit', async () => {
    await using _ = await acquireShared(NEVER, { waitMs, journal });
    const abort = new AbortController();
    const opening = GlobalChanges.open(abort.signal, { waitMs: AN_HOUR, journal });
    abort.abort(new Error('Ctrl-C'));
    await expect(opening).rejects.toThrow('Ctrl-C');
  });

  it('a value that the kernel refuses is reported in one line, and the run goes on', async () => {
    await using changes = await GlobalChanges.open(NEVER, { waitMs, journal });
    await expect(changes.set('nf_conntrack_max', 2 ** 40)).rejects.toThrow(/EINVAL|ERANGE/);
    expect((await changes.set('nf_conntrack_max', more)).after).toBe(more);
  });

  it('the limit is restored within 5 s after the run is killed', async () => {
    const { run, watchdog } = await startRun();
    run.kill('SIGKILL');
    await vi.waitFor(() => {
      expect(values()).toEqual(found);
      expect(isAlive(watchdog)).toBe(false);
    }, SOON);
  });

  it('the limit stays changed through signals to the watchdog that would end a program, and is restored all the same', async () => {
    const { run, watchdog } = await startRun();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(watchdog.pid, signal);
    await expect(restoreLeftovers({ waitMs, journal })).resolves.toEqual({
      status: 'complete',
      restored: [],
      left: [],
    });
    expect(isAlive(watchdog)).toBe(true);
    expect(values().max).toBe(more);
    run.kill('SIGKILL');
    await vi.waitFor(() => {
      expect(values()).toEqual(found);
    }, SOON);
  });

  it('the run itself restores the limit when the watchdog is killed, and is told that it is over', async () => {
    await using changes = await GlobalChanges.open(NEVER, { waitMs, journal });
    await changes.set('nf_conntrack_max', more);
    const { pid } = readJournal(journal)?.owner ?? expect.fail('there is no journal');
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => {
      expect(changes.lost.aborted).toBe(true);
      expect(values()).toEqual(found);
    }, SOON);
    await expect(changes.set('nf_conntrack_max', more)).rejects.toThrow(/the watchdog .* died/);
    expect(await changes.restore()).toMatchObject({
      status: 'complete',
      restored: [`nf_conntrack_max = ${found.max} (was ${more})`],
    });
  });

  it('the next command restores the limit when run and watchdog were killed together', async () => {
    await leaveLeftovers();
    expect(await restoreLeftovers({ waitMs, journal })).toEqual({
      status: 'complete',
      restored: [`nf_conntrack_max = ${found.max} (was ${more})`],
      left: [],
    });
    expect(values()).toEqual(found);
  });

  it('the limit is restored before another run changes it, so that no leftover counts as the original', async () => {
    await leaveLeftovers();
    await using changes = await GlobalChanges.open(NEVER, { waitMs, journal });
    expect(changes.leftovers.restored).toHaveLength(1);
    expect((await changes.set('nf_conntrack_max', more)).before).toBe(found.max);
  });

  it('the limit is restored before another run relies on it', async () => {
    await leaveLeftovers();
    await using _ = await acquireShared(NEVER, { waitMs, journal });
    expect(values()).toEqual(found);
  });

  it('the limit is reported as left while another run holds it, unless that run has restored it', async () => {
    await using _ = await holdLock('exclusive', NEVER, waitMs);
    const owner = { pid: process.pid, starttime: 1 };
    const entries = [
      { what: 'sysctl' as const, name: 'nf_conntrack_max' as const, before: found.max, set: more },
    ];
    writeJournal(journal, { schema: 'tablefull/journal/v2', boot: bootId(), owner, entries });
    const { left } = await restoreLeftovers({ waitMs: 100, journal });
    expect(left).toEqual([expect.stringMatching(/^the conntrack limit is locked by another run/)]);
    const waiting = restoreLeftovers({ waitMs: 100, journal });
    removeJournal(journal);
    expect(await waiting).toEqual({ status: 'complete', restored: [], left: [] });
  });

  it('an unprivileged user can’t restore the limit: the report says what was left and which command to run', async ({
    skip,
  }) => {
    const asNobody = (...command: string[]) =>
      execa('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', ...command], {
        reject: false,
      });
    const { failed } = await asNobody('test', '-r', fileURLToPath(LEFTOVERS));
    skip(failed, 'the sources lie where only root can read them');
    await leaveLeftovers();
    const script = `
      const { restoreLeftovers } = await import(${JSON.stringify(LEFTOVERS)});
      console.log(JSON.stringify(await restoreLeftovers({ journal: ${JSON.stringify(journal)} })));`;
    const { stdout } = await asNobody(process.execPath, '--input-type=module', '--eval', script);
    expect(JSON.parse(stdout)).toEqual({
      status: 'incomplete',
      restored: [],
      left: [
        expect.stringMatching(new RegExp(`nf_conntrack_max \\(${found.max} before\\).*: sudo .* restore$`)),
      ],
    });
    expect((await restoreLeftovers({ waitMs, journal })).status).toBe('complete');
  });

  it('a limit that somebody else has changed since is named and left alone', async () => {
    await leaveLeftovers();
    kernelSysctls.write('nf_conntrack_max', more + 1);
    const report = await restoreLeftovers({ waitMs, journal });
    expect(report).toMatchObject({ status: 'incomplete', restored: [] });
    expect(report.left).toEqual([
      `nf_conntrack_max is ${more + 1}: it was ${found.max}, the run set ${more}, and somebody has changed it since, ` +
        `so it is left alone; \`sysctl -w net.netfilter.nf_conntrack_max=${found.max}\` restores it`,
    ]);
    expect(values().max).toBe(more + 1);
    kernelSysctls.write('nf_conntrack_max', found.max);
  });
});
