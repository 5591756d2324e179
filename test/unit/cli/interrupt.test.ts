import { afterEach, describe, expect, it, vi } from 'vitest';
import { interruptAt, run, statuses } from './run.ts';
import { kindLab } from '../../../src/lab/kind/entry.ts';
import { fakeLab, type Cli, type Mishap } from './cli.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('a run that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)(
    'by %s takes its lab down, judges what it saw, and ends with exit code %i',
    async (name, exit) => {
      const { code, deeds, verdict, history, files } = await run({
        mishap: interruptAt('be-liberal confirm', name),
      });
      expect(code).toBe(exit);
      expect(deeds.at(-1)).toBe('down');
      expect(statuses(verdict)).toMatchObject({
        symptom: 'reproduced',
        'raise-max': 'inconclusive',
        'be-liberal': 'inconclusive',
      });
      expect(verdict?.restore.status).toBe('complete');
      expect(history.at(-1)).toMatchObject({ type: 'end', status: 'interrupted' });
      expect(files).toContain('junit.xml');
    },
  );

  it('in the middle of its symptom says so without the figures of what it had seen until then', async () => {
    const { stdout } = await run({ mishap: interruptAt('symptom fault', 'SIGINT') });
    expect(stdout).toMatch(/^INTERRUPTED toy: by SIGINT/m);
    expect(stdout).not.toContain('drop.delta');
    const { stdout: all } = await run({
      mishap: interruptAt('symptom fault', 'SIGINT'),
      words: ['--figures'],
    });
    expect(all).toContain('drop.delta');
  });

  it('says how far it got, and claims nothing of what it did not come to', async () => {
    const { stdout } = await run({ mishap: interruptAt('be-liberal confirm', 'SIGINT') });
    expect(stdout).toMatch(/^INTERRUPTED toy: by SIGINT, after \d of 4 results; until then: reproduced/m);
    expect(stdout).not.toMatch(/results as expected/);
    const { stdout: early } = await run({ mishap: interruptAt('symptom baseline', 'SIGINT') });
    expect(early).toMatch(/^INTERRUPTED toy: by SIGINT, after 0 of 4 results\n/m);
  });

  it('in the middle of a remedy undoes the remedy', async () => {
    const { code, deeds } = await run({
      mishap: interruptAt('raise-max live', 'SIGINT'),
      words: ['--remedy', 'raise-max'],
    });
    expect(code).toBe(130);
    expect(deeds.slice(-3)).toEqual(['undo limit', 'release', 'down']);
  });

  it('before it has begun leaves no folder', async () => {
    const { code, files, deeds } = await run({
      context: (tablefull) => ({
        restoreLeftovers: (signal) => {
          tablefull.signals.emit('SIGINT', 'SIGINT');
          signal.throwIfAborted();
          throw new Error('not interrupted');
        },
      }),
    });
    expect([code, files, deeds]).toEqual([130, [], []]);
  });

  it('and whose lab will not go is given 30 s, and then reported as left behind with exit code 3', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const never = new Promise<void>(() => undefined);
    const mishap =
      (tablefull: Cli): Mishap =>
      (deed) => {
        if (deed === 'symptom fault') tablefull.signals.emit('SIGINT', 'SIGINT');
        if (deed !== 'down') return undefined;
        setImmediate(() => vi.advanceTimersByTime(30_000));
        return never;
      };
    const { code, verdict } = await run({ mishap });
    expect(code).toBe(3);
    expect(verdict?.restore).toEqual({
      status: 'incomplete',
      left: ['a lab was not taken down within 30 s; it ends with this process'],
    });
  });

  it.each([
    [359_999, []],
    [360_000, ['the cluster was not restored or deleted within 6 min; the next command does the rest']],
  ])('and whose lab is a cluster is given 6 min: %i ms', async (ms, left) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const down = Promise.withResolvers<undefined>();
    const mishap =
      (tablefull: Cli): Mishap =>
      (deed) => {
        if (deed === 'symptom fault') tablefull.signals.emit('SIGINT', 'SIGINT');
        if (deed !== 'down') return undefined;
        setImmediate(() => {
          vi.advanceTimersByTime(ms);
          setImmediate(down.resolve, undefined);
        });
        return down.promise;
      };
    const { teardown } = kindLab({ reuse: undefined, settings: {} });
    const { verdict } = await run({
      context: (tablefull) => ({ labs: [{ ...fakeLab(mishap(tablefull)), teardown }] }),
    });
    expect(verdict?.restore.left).toEqual(left);
  });
});

describe('--keep-lab', () => {
  it('says how to enter the lab, holds it until Ctrl-C, and then ends with the verdict’s exit code', async () => {
    const mishap =
      (tablefull: Cli): Mishap =>
      (deed) => {
        // Long after the last phase: nothing but the user ends the holding.
        if (deed === 'placebo fresh') setTimeout(() => tablefull.signals.emit('SIGINT', 'SIGINT'), 50);
      };
    const { code, stderr, history, deeds } = await run({ mishap, words: ['--keep-lab'] });
    expect(code).toBe(0);
    expect(stderr).toMatch(/verdict so far: reproduced; raise-max cured, .*\n.*Ctrl-C.*\n {2}nsenter /);
    expect(deeds.at(-1)).toBe('down');
    expect(history.at(-1)).toMatchObject({ type: 'end', status: 'completed' });
  });
});
