import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictSchema } from '../../../src/schema/verdict.ts';
import { interruptAt, run } from './run.ts';
import { Cli, fakeLab, TOY } from './cli.ts';

describe('--repeat', () => {
  it('prints a line a run and how many verdicts differ, and ends with the worst exit code', async () => {
    let runs = 0;
    const lab = fakeLab((deed, { onLeft: _ }) => {
      if (deed === 'open') runs += 1;
      if (deed === 'placebo live' && runs === 2) throw new Error('no luck');
    });
    using tablefull = new Cli({ labs: [lab], scenarios: [TOY] });
    const { code, stdout } = await tablefull.run(
      'run',
      'toy',
      '--repeat',
      '3',
      '--out',
      tablefull.folder,
      '--seed',
      '5',
    );
    const lines = stdout.trim().split('\n');
    expect(code).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/^run 1 of 3: PASSED: reproduced; raise-max cured, .*; .*\/1$/),
      expect.stringMatching(/^run 2 of 3: INCONCLUSIVE: reproduced; .* placebo inconclusive; .*\/2$/),
      expect.stringMatching(/^run 3 of 3: .*\/3$/),
      'differing from the first: 1 of 3 verdicts, seeds from 5',
      'INCONCLUSIVE toy: of 3 runs 2 PASSED, 1 INCONCLUSIVE',
    ]);
  });

  it('is one JSON document with --json', async () => {
    using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY] });
    const { stdout } = await tablefull.run(
      'run',
      'toy',
      '--repeat',
      '2',
      '--out',
      tablefull.folder,
      '--json',
    );
    const document = JSON.parse(stdout) as { schema: string; runs: unknown[]; outcome: unknown };
    expect(document.schema).toBe('tablefull/repeat/v1');
    expect(document.outcome).toMatchObject({ headline: 'PASSED', exitCode: 0 });
    expect(document.runs.map((each) => verdictSchema.parse(each).asExpected)).toEqual([true, true]);
  });

  it('ends with its summary when it is interrupted', async () => {
    const { code, deeds, stdout } = await run({
      mishap: interruptAt('symptom fault', 'SIGINT'),
      words: ['--repeat', '5'],
    });
    expect(code).toBe(130);
    expect(deeds.filter((deed) => deed === 'open')).toHaveLength(1);
    expect(stdout).toMatch(
      /^run 1 of 5: .*\ndiffering from the first: 0 of 1 verdicts.*\nINTERRUPTED toy: by SIGINT, after 0 of 5 runs\n$/,
    );
  });
});

it('judge comes to the same verdict and exit code from the folder, and writes nothing', async () => {
  using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY] });
  const out = join(tablefull.folder, 'run');
  const first = await tablefull.run('run', 'toy', '--out', out, '--json', '--expect', 'placebo=cured');
  const before = readdirSync(out);
  const again = await tablefull.run('judge', out, '--json');
  expect([again.code, JSON.parse(again.stdout)]).toEqual([1, JSON.parse(first.stdout)]);
  expect(readdirSync(out)).toEqual(before);
});
