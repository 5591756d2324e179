import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '../../../src/change/index.ts';
import type { RestoreReport } from '../../../src/guard/restore.ts';
import { kernelSysctls, type GlobalSysctl } from '../../../src/guard/sysctls.ts';
import { dryLock } from '../../../src/lab/dry/dry-lock.ts';
import type { LabOptions } from '../../../src/lab/lab.ts';
import { MachineLimit } from '../../../src/lab/machine-limit.ts';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import type { GlobalHold, LimitLock } from '../../../src/lab/machine-lock.ts';
import { NEVER } from '../support/never.ts';

const MAX = 'nf_conntrack_max';
const BUCKETS = 'nf_conntrack_buckets';
const MACHINE: Readonly<Record<GlobalSysctl, number>> = {
  [MAX]: 262_144,
  [BUCKETS]: 65_536,
  'bridge-nf-call-iptables': 1,
};
const raise = (add: number) => ({ kind: 'limit', add }) as const;
const SQUEEZE = { kind: 'squeeze', node: 'worker-1', free: 1200 } as const;
const BUCKETS_TIMES_4 = { kind: 'buckets', times: 4 } as const;

interface Story {
  readonly squeeze?: LabOptions['squeeze'];
  /** What the hold that the lock gives does otherwise. */
  readonly hold?: Partial<GlobalHold>;
  readonly lock?: Partial<LimitLock>;
}

/** A machine in memory, and what a run does to its limit. */
function machine({ squeeze = 'ballast', hold = {}, lock: otherwise = {} }: Story = {}) {
  const lines: string[] = [];
  const events: HistoryEvent[] = [];
  const left: string[] = [];
  const said: string[] = [];
  const dry = dryLock((_, ...words) => lines.push(...words));
  const lock: LimitLock = {
    ...dry,
    exclusive: async (...asked) => ({ ...(await dry.exclusive(...asked)), ...hold }),
    ...otherwise,
  };
  const options: LabOptions = {
    protocol: PROTOCOL,
    changes: [],
    squeeze,
    privileged: true,
    seed: 1,
    epoch: 0n,
    sink: (event) => events.push(event),
    onLeft: (what) => left.push(what),
    say: (line) => said.push(line),
    signal: NEVER,
  };
  const records = (): unknown[] =>
    events.flatMap((event) =>
      event.type === 'change' ? [[event.action, event.cycle, event.before, event.after]] : [],
    );
  const open = (more: Parameters<typeof MachineLimit.open>[1] = {}): Promise<MachineLimit> =>
    MachineLimit.open(options, { ...more, lock });
  const isBack = (): boolean => Object.entries(MACHINE).every(([name, value]) => now(name) === value);
  const now = (name: string): number => lock.read(name as GlobalSysctl);
  return { open, lines, events, left, said, records, now, isBack };
}

beforeEach(() => {
  vi.spyOn(kernelSysctls, 'read').mockImplementation((name) => MACHINE[name]);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('changes of the machine’s limit', () => {
  it('nested raises of the limit are undone to what each found, and the first to the machine’s own', async () => {
    const { open, now, records } = machine();
    const limit = await open();
    await using _ = await limit.reserve([raise(0)], NEVER);
    const first = await limit.apply(raise(100), 'raise-max');
    const second = await limit.apply(raise(20), 'raise-more');
    expect(now(MAX)).toBe(262_264);
    await second.undo();
    expect(now(MAX)).toBe(262_244);
    await first.undo();
    expect(now(MAX)).toBe(262_144);
    expect(records()).toEqual([
      ['apply', 'raise-max', 262_144, 262_244],
      ['apply', 'raise-more', 262_244, 262_264],
      ['undo', 'raise-more', 262_264, 262_244],
      ['undo', 'raise-max', 262_244, 262_144],
    ]);
  });

  it('a limit that is raised again after its undo goes back to the machine’s own once more', async () => {
    const { open, now, records } = machine();
    const limit = await open();
    await using _ = await limit.reserve([raise(0)], NEVER);
    for (const cycle of ['one', 'other']) await (await limit.apply(raise(100), cycle)).undo();
    expect(now(MAX)).toBe(262_144);
    expect(records().at(-1)).toEqual(['undo', 'other', 262_244, 262_144]);
  });

  it('a raise after the squeeze is undone to the squeeze, and the squeeze to the machine’s own', async () => {
    const { open, now, isBack, events } = machine({ squeeze: 'sysctl' });
    await using limit = await open();
    const squeezed = await limit.apply(SQUEEZE, 'symptom');
    expect([now(MAX), now(BUCKETS)]).toEqual([1200, 300]);
    const raised = await limit.apply(raise(400), 'raise-max');
    expect(now(MAX)).toBe(1600);
    await raised.undo();
    expect([now(MAX), now(BUCKETS)]).toEqual([1200, 300]);
    await squeezed.undo();
    expect(isBack()).toBe(true);
    expect(events.find(({ type }) => type === 'squeeze')).toMatchObject({
      report: { kind: 'sysctl', asked: { [MAX]: 1200 }, got: { [MAX]: 1200, [BUCKETS]: 300 } },
    });
  });

  it('more buckets under a squeeze are undone to the squeeze’s', async () => {
    const { open, now } = machine({ squeeze: 'sysctl' });
    await using limit = await open();
    await limit.apply(SQUEEZE, 'symptom');
    const more = await limit.apply(BUCKETS_TIMES_4, 'raise-buckets');
    expect(now(BUCKETS)).toBe(1200);
    await more.undo();
    expect(now(BUCKETS)).toBe(300);
  });

  it('the end of a lab puts back what nobody has undone, the latest first', async () => {
    const { open, isBack, lines } = machine({ squeeze: 'sysctl' });
    {
      await using limit = await open({ bridged: true });
      await limit.apply(SQUEEZE, 'symptom');
      await limit.apply(raise(400), 'raise-max');
    }
    expect(isBack()).toBe(true);
    expect(lines.slice(-4).map((line) => line.replace('sysctl -w net.', ''))).toEqual([
      'netfilter.nf_conntrack_buckets=65536',
      'netfilter.nf_conntrack_max=262144',
      'bridge.bridge-nf-call-iptables=1',
      expect.stringContaining('flock --unlock'),
    ]);
  });

  it('a table that the guard refuses is not made, and the limit stays as it was', async () => {
    const refused = { refused: 'others have too many entries', entries: 9, namespaces: 3 };
    const guards = { squeeze: () => refused, fewBuckets: () => refused };
    const { open, isBack, records } = machine({ squeeze: 'sysctl', lock: { guards } });
    await using limit = await open();
    await expect(limit.apply(SQUEEZE, 'symptom')).rejects.toThrow(/too many entries .*9 entries/);
    expect(isBack()).toBe(true);
    expect(records()).toEqual([]);
  });

  it('a raise is refused by the guard, but not while the buckets are this lab’s own', async () => {
    const none = { entries: 0, namespaces: 0 };
    const guards = { squeeze: () => ({ ...none, refused: 'few buckets' }), fewBuckets: () => none };
    const { open, now } = machine({ lock: { guards } });
    const limit = await open();
    await using _ = await limit.reserve([raise(0)], NEVER);
    const fewer = await limit.apply({ kind: 'buckets', times: 0.5 }, 'symptom');
    await (await limit.apply(raise(100), 'raise-max')).undo();
    await fewer.undo();
    await expect(limit.apply(raise(100), 'raise-max')).rejects.toThrow('few buckets');
    expect(now(MAX)).toBe(262_144);
  });

  it('a maximum that is delegated to the scenario can’t be changed by a remedy', async () => {
    const { open, now } = machine({ squeeze: 'sysctl' });
    await using limit = await open({ delegate: 1000 });
    await expect(limit.apply(raise(400), 'raise-max')).rejects.toThrow(MAX);
    expect(now(MAX)).toBe(262_144);
  });
});

it('a lab that can’t be opened gives the lock back: the next lab gets it', async () => {
  const refused = machine({
    squeeze: 'sysctl',
    hold: {
      lend: () => Promise.reject(new Error('refused')),
      delegate: () => Promise.reject(new Error('refused')),
    },
  } as never);
  await expect(refused.open({ delegate: 1000 })).rejects.toThrow('refused');
  expect(refused.lines.at(-1)).toMatch(/^flock --unlock/);
  await using _ = await machine({ squeeze: 'sysctl' }).open();
});

describe('the lock on the machine’s limit', () => {
  const FLUSH: Change = { kind: 'flush', node: 'all' };

  it('a cycle that changes nothing of the machine’s shares the lock, and can’t change the limit', async () => {
    const { open, lines, isBack } = machine();
    const limit = await open();
    {
      await using _ = await limit.reserve([FLUSH], NEVER);
      await expect(limit.apply(raise(400), 'raise-max')).rejects.toThrow('exclusive lock');
    }
    expect(isBack()).toBe(true);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['--shared', '--unlock']);
  });

  it('the limit can’t be changed before it is reserved, nor after its reservation is over', async () => {
    const { open } = machine();
    const limit = await open();
    const change = (): Promise<unknown> => limit.apply(raise(400), 'raise-max');
    await expect(change()).rejects.toThrow('reserved');
    await (await limit.reserve([raise(400)], NEVER))[Symbol.asyncDispose]();
    await expect(change()).rejects.toThrow('reserved');
  });

  it('a run that squeezes the machine itself takes the lock once, and holds it between cycles', async () => {
    const { open, lines } = machine({ squeeze: 'sysctl' });
    {
      await using limit = await open();
      for (const changes of [[FLUSH], [raise(400)]])
        await (await limit.reserve(changes, NEVER))[Symbol.asyncDispose]();
      expect(lines.map((line) => line.split(' ')[1])).toEqual(['--exclusive']);
    }
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['--exclusive', '--unlock']);
  });

  it('what could not be put back is told when a reservation is over, and when a lab is', async () => {
    const report: RestoreReport = { status: 'incomplete', restored: [], left: [`${MAX} is 7, was 262144`] };
    const hold = { restore: () => Promise.resolve(report) };
    const reserving = machine({ hold });
    await (await (await reserving.open()).reserve([raise(400)], NEVER))[Symbol.asyncDispose]();
    expect(reserving.left).toEqual(report.left);
    const throughout = machine({ squeeze: 'sysctl', hold });
    await (await throughout.open())[Symbol.asyncDispose]();
    expect(throughout.left).toEqual(report.left);
  });

  it('what a killed run had left, and is restored by now, is said', async () => {
    const leftovers: RestoreReport = { status: 'complete', restored: [`${MAX} is 262144 again`], left: [] };
    const { open, said } = machine({ squeeze: 'sysctl', hold: { leftovers } });
    await using _ = await open();
    expect(said).toEqual([expect.stringContaining(`${MAX} is 262144 again`)]);
  });

  it('a lab is lost with whoever would put the limit back, also where that was gone already', async () => {
    const watchdog = new AbortController();
    const { open } = machine({ squeeze: 'sysctl', hold: { lost: watchdog.signal } });
    await using limit = await open();
    expect(limit.lost.aborted).toBe(false);
    watchdog.abort(new Error('the watchdog died'));
    expect(limit.lost.reason).toMatchObject({ message: 'the watchdog died' });
    await limit[Symbol.asyncDispose]();
    await using later = await open();
    expect(later.lost.aborted).toBe(true);
  });
});
