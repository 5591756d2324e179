import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { benchSchema } from '../../bench/report.ts';
import { scratch } from './command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('a bench measures in a sandbox, writes what it found, and compares it with an older bench', async () => {
  using folder = scratch();
  const [first, second] = [join(folder.path, 'first.json'), join(folder.path, 'second.json')];
  const bench = (...options: readonly string[]) =>
    execa(
      process.execPath,
      ['bench/main.ts', '--quick', '--rounds', '1', '--only', 'datagrams', ...options],
      {
        cwd: ROOT,
        reject: false,
      },
    );

  const { stdout, exitCode } = await bench('--out', first);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('calibration');
  expect(stdout).toContain('UDP flows that begin, entries/s');
  const report = benchSchema.parse(JSON.parse(readFileSync(first, 'utf8')));
  const [ours] = report.works[0]?.contenders ?? [];
  expect(ours?.name).toBe('tablefull');
  expect(ours?.samples).toHaveLength(1);

  // Sets the measured values, because they vary with the machine.
  const write = (file: string, own: number): void => {
    const works = report.works.map((work) => ({
      ...work,
      calibrations: [1, 1],
      contenders: work.contenders.map(({ samples, ...contender }) => ({
        ...contender,
        // One round has no known noise, so the samples are doubled.
        samples: [...samples, ...samples].map(() => ({ value: contender.name === ours?.name ? own : 10 })),
      })),
    }));
    writeFileSync(file, JSON.stringify({ ...report, works }));
  };
  write(first, 10);
  write(second, 20);
  expect((await bench('--use', first, '--compare', first)).exitCode).toBe(0);
  const compared = await bench('--use', first, '--compare', second);
  // Without a C compiler there is no rival, only the machine's calibration.
  expect(compared.stdout).toMatch(/^FELL {2}UDP flows that begin: tablefull/m);
  expect(compared.exitCode).toBe(1);
});

it('a bench refuses an unknown work', async () => {
  const { exitCode, stderr } = await execa(process.execPath, ['bench/main.ts', '--only', 'nothing'], {
    cwd: ROOT,
    reject: false,
  });
  expect(exitCode).toBe(64);
  expect(stderr).toContain('unknown work nothing');
});
