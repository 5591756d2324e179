import { expect, it } from 'vitest';
import { between, lookAtStrain, strainCheck, warningOf, type Strain } from '../../../src/lab/strain.ts';
import { Cli, fakeLab } from '../cli/cli.ts';

const QUIET: Strain = { cpus: 2, busy: 0.1, stolen: 0.02 };

it.each<[Partial<Strain>, string | undefined]>([
  [{}, undefined],
  [{ busy: 0.4 }, undefined],
  [{ busy: 1.1 }, '1 of 2 CPUs is busy with other work'],
  [{ busy: 1.9 }, '2 of 2 CPUs are busy with other work'],
  [{ quota: 0.5 }, 'a quota of 0.5 CPU: the run takes about 3x as long'],
  [{ quota: 1.5 }, 'a quota of 1.5 CPU'],
  [{ quota: 2 }, undefined],
  [{ stolen: 0.14 }, 'the machine’s host takes 14 % of the CPU time'],
  [
    { busy: 1, quota: 0.25 },
    '1 of 2 CPUs is busy with other work; a quota of 0.25 CPU: the run takes about 6x as long',
  ],
])('what will make a run slow is said in one line: %o', (strain, expected) => {
  expect(warningOf({ ...QUIET, ...strain })).toBe(expected);
});

it('where nothing can be read, nothing is said', () => {
  expect(warningOf({ cpus: 2 })).toBeUndefined();
});

it('what this process does itself is not other work', () => {
  const before = { cpus: 2, busyMs: 1000, idleMs: 5000, stealMs: 100 };
  const after = { cpus: 2, busyMs: 1300, idleMs: 5080, stealMs: 120 };
  expect(between(before, after, 100)).toEqual({ cpus: 2, busy: 1, stolen: 0.05 });
  expect(between(before, before, 0)).toEqual({ cpus: 2, busy: 0, stolen: 0 });
});

it('doctor has a row for it, which keeps nobody from running', () => {
  expect(strainCheck(QUIET)).toEqual({
    name: 'cpu',
    status: 'ok',
    found: '2 CPUs, none busy with other work',
  });
  expect(strainCheck({ ...QUIET, busy: 1 })).toMatchObject({
    status: 'limited',
    found: '1 of 2 CPUs is busy with other work',
  });
});

it('it is looked at on this machine', async () => {
  const { cpus, busy = 0 } = await lookAtStrain();
  expect(busy).toBeLessThanOrEqual(cpus);
});

it('a run says it in its first line', async () => {
  const warning = '1 of 2 CPUs is busy with other work';
  const lab = {
    ...fakeLab(),
    preflight: () => Promise.resolve({ privileged: true, summary: 'lab fake', warning }),
  };
  using tablefull = new Cli({ labs: [lab] });
  const { stderr } = await tablefull.run(
    'run',
    'saturate',
    '--remedy',
    'none',
    '--out',
    `${tablefull.folder}/out`,
  );
  expect(stderr.split('\n')[0]).toBe(warning);
});
