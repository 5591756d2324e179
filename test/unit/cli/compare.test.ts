import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparisonSchema } from '../../../src/schema/comparison.ts';
import { verdictSchema } from '../../../src/schema/verdict.ts';
import { Cli, fakeLab, TOY } from './cli.ts';

const context = { labs: [fakeLab()] as const, scenarios: [TOY] };
/** A recorded run of the toy. @param instead the status of raise-max that its verdict is made to have */
async function recorded(folder: string, name: string, instead?: string): Promise<string> {
  using tablefull = new Cli(context);
  const out = join(folder, name);
  await tablefull.run('run', 'toy', '--remedy', 'raise-max', '--seed', '3', '--out', out);
  const file = join(out, 'verdict.json');
  if (instead !== undefined) {
    const verdict = verdictSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const remedies = verdict.remedies.map((each) => ({ ...each, status: instead }));
    writeFileSync(file, JSON.stringify({ ...verdict, remedies }));
  }
  return out;
}

describe('compare', () => {
  it('of two runs alike finds nothing, and ends with 0', async () => {
    using tablefull = new Cli(context);
    const [a, b] = [await recorded(tablefull.folder, 'a'), await recorded(tablefull.folder, 'b')];
    const { code, stdout } = await tablefull.run('compare', a, b);
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'no verdict changed, no figure beyond noise; 2 results compared',
    ]);
  });

  it('names what changed in each format, and ends with 1', async () => {
    using tablefull = new Cli(context);
    const { folder } = tablefull;
    const [a, b] = [await recorded(folder, 'a'), await recorded(folder, 'b', 'no-effect')];
    const { code, stdout } = await tablefull.run('compare', a, b, '--format', 'json');
    expect(code).toBe(1);
    expect(comparisonSchema.parse(JSON.parse(stdout)).verdicts).toEqual([
      { about: 'toy × raise-max', what: 'changed', a: ['cured'], b: ['no-effect'] },
    ]);
    expect((await tablefull.run('compare', a, b, '--format', 'markdown')).stdout).toMatch(
      /^\| toy × raise-max \| cured {2}\| no-effect \|$/m,
    );
    const page = join(folder, 'c.html');
    expect(await tablefull.run('compare', a, b, '--format', 'html', '--out', page)).toMatchObject({
      code: 1,
      stdout: '',
    });
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<h1>1 verdict changed, no figure beyond noise; 2 results compared.</h1>');
    expect(html).toMatch(/toy × raise-max<\/th>.*cured<.*no-effect</);
    for (const side of ['a', 'b']) expect(html).toContain(`href="./${side}/report.html"`);
  });

  it('takes suites, and repeats', async () => {
    using tablefull = new Cli(context);
    const { folder } = tablefull;
    const suite = join(folder, 's.yaml');
    writeFileSync(suite, 'version: 1\nruns: [{ scenario: toy, remedies: { raise-max: cured } }]\n');
    for (const name of ['a', 'b']) await tablefull.run('test', suite, '--out', join(folder, name));
    expect((await tablefull.run('compare', join(folder, 'a'), join(folder, 'b'))).code).toBe(0);
    const repeats = join(folder, 'r');
    await tablefull.run('run', 'toy', '--remedy', 'raise-max', '--repeat', '2', '--out', repeats);
    const { stdout } = await tablefull.run('compare', repeats, repeats, '--format', 'json');
    expect(comparisonSchema.parse(JSON.parse(stdout))).toMatchObject({ a: { repeats: 2 }, compared: 2 });
  });

  it('refuses what is no folder of results, in a line with the fix', async () => {
    using tablefull = new Cli(context);
    const { folder } = tablefull;
    mkdirSync(join(folder, 'empty'));
    const { code, stderr } = await tablefull.run('compare', join(folder, 'empty'), folder);
    expect([code, stderr]).toEqual([
      64,
      `tablefull: ${join(folder, 'empty')}: has no suite.json, matrix.json, verdict.json; name the folder of a run, a suite or a matrix\n`,
    ]);
  });
});

describe('--baseline', () => {
  it('fails what passed where a verdict is another one than before', async () => {
    using tablefull = new Cli(context);
    const { folder } = tablefull;
    const before = await recorded(folder, 'before', 'no-effect');
    const words = ['run', 'toy', '--remedy', 'raise-max'];
    const { code, stdout } = await tablefull.run(...words, '--out', join(folder, 'x'), '--baseline', before);
    expect(code).toBe(1);
    expect(stdout).toContain('  toy × raise-max\n    no-effect → cured');
    expect((await tablefull.run(...words, '--out', join(folder, 'y'))).code).toBe(0);
    const alike = ['--out', join(folder, 'z'), '--baseline', join(folder, 'y')];
    expect((await tablefull.run(...words, ...alike)).code).toBe(0);
  });

  it('leaves the exit code of a suite of which no run began, and says that nothing was compared', async () => {
    const preflight = () => Promise.reject(new Error('no namespaces here'));
    using tablefull = new Cli({ ...context, labs: [{ ...fakeLab(), preflight }] });
    const { folder } = tablefull;
    const before = await recorded(folder, 'before');
    const suite = join(folder, 's.yaml');
    writeFileSync(suite, 'version: 1\nruns: [{ scenario: toy }]\n');
    const words = ['test', suite, '--out', join(folder, 'out'), '--baseline', before];
    const { code, stderr } = await tablefull.run(...words);
    expect(stderr).toContain('share no result');
    expect(code).toBe(2);
  });

  it('that is missing is said before anything is run', async () => {
    using tablefull = new Cli(context);
    const out = join(tablefull.folder, 'out');
    const { code, stderr } = await tablefull.run('run', 'toy', '--out', out, '--baseline', '/nowhere');
    expect([code, stderr]).toEqual([
      64,
      'tablefull: --baseline /nowhere: there is no such folder; name that of a run, a suite or a matrix\n',
    ]);
  });
});

describe('runs', () => {
  it('lists what was run, the newest first, and what has no verdict', async () => {
    using tablefull = new Cli(context);
    const { folder } = tablefull;
    await recorded(folder, 'a');
    mkdirSync(join(folder, 'killed'));
    writeFileSync(join(folder, 'killed', 'history.jsonl'), '');
    mkdirSync(join(folder, 'other'));
    const { stdout } = await tablefull.run('runs', folder);
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/ {2,}/).slice(1, 4)),
    ).toEqual(
      expect.arrayContaining([
        ['run', 'toy', 'PASSED'],
        ['run', 'no verdict', join(folder, 'killed')],
      ]),
    );
    const { runs } = JSON.parse((await tablefull.run('runs', folder, '--json')).stdout) as {
      runs: unknown[];
    };
    expect(runs).toHaveLength(2);
  });
});
