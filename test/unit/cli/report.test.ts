import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cli, fakeLab, TOY } from './cli.ts';
import { cell, matrixOf } from '../matrix/story.ts';
import { HistoryBuilder, MET } from '../judge/history-builder.ts';

const HISTORY = new HistoryBuilder({ remedies: ['raise-max'] })
  .symptom()
  .remedy('raise-max', MET)
  .over()
  .map((event) => `${JSON.stringify(event)}\n`)
  .join('');

function runIn(tablefull: Cli, name = 'run'): string {
  const folder = join(tablefull.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'history.jsonl'), HISTORY);
  return folder;
}

describe('report', () => {
  it('draws the page of an old run in its folder, and names it', async () => {
    using tablefull = new Cli();
    const folder = runIn(tablefull);
    expect(await tablefull.run('report', folder)).toEqual({
      code: 0,
      stdout: '',
      stderr: `${join(folder, 'report.html')}\n`,
    });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('raise-max cures it.');
  });

  it('prints Markdown for a post-mortem', async () => {
    using tablefull = new Cli();
    const { stdout } = await tablefull.run('report', runIn(tablefull), '--format', 'md');
    expect(stdout).toMatch(/^# saturate: PASSED\n\nThe problem was reproduced: 120 of 200 requests failed\./);
    expect(stdout).toMatch(/^\| raise-max +\| cured +\| cured +\| room for more entries +\| yes/m);
  });

  it('draws several matrices on one page', async () => {
    using tablefull = new Cli();
    const folders = ['6.1', '6.18'].map((kernel, i) => {
      const folder = join(tablefull.folder, kernel);
      mkdirSync(folder);
      const cells = [cell('saturate', 'raise-max', i === 0 ? 'cured' : 'postponed')];
      writeFileSync(join(folder, 'matrix.json'), JSON.stringify({ ...matrixOf(cells), kernel }));
      return folder;
    });
    const page = join(tablefull.folder, 'both.html');
    expect((await tablefull.run('report', ...folders, '--out', page)).code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('kernel 6.1 · ');
    expect(html).toMatch(/aria-label="saturate × raise-max: cured/);
    expect(html).toMatch(/aria-label="saturate × raise-max: postponed/);
    const refused = await tablefull.run('report', ...folders);
    expect(refused.stderr).toBe('tablefull: several matrices become one page: name it with --out\n');
    expect(refused.code).toBe(64);
  });

  it('draws the page of a suite, with links to the pages of its runs', async () => {
    using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY] });
    const [file, out] = [join(tablefull.folder, 's.yaml'), join(tablefull.folder, 'out')];
    writeFileSync(
      file,
      'version: 1\nruns:\n  - { scenario: toy, remedies: { raise-max: postponed } }\n  - { scenario: toy, control: true }\n',
    );
    await tablefull.run('test', file, '--out', out);
    const page = join(out, 'report.html');
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<h1>2 of 3 results are as expected.</h1>');
    expect(html).toMatch(/id="surprises".*s\.yaml:3.*raise-max is postponed<.*cured.*id="runs"/);
    for (const run of ['toy', 'toy-control']) expect(html).toContain(`href="./runs/${run}/report.html"`);
    writeFileSync(page, '');
    expect(await tablefull.run('report', out)).toEqual({ code: 0, stdout: '', stderr: `${page}\n` });
    expect(readFileSync(page, 'utf8')).toBe(html);
  });

  it('says of a folder without a run what it lacks', async () => {
    using tablefull = new Cli();
    const { code, stderr } = await tablefull.run('report', tablefull.folder);
    expect(code).toBe(64);
    expect(stderr).toContain('history.jsonl');
    expect(stderr).toContain('name the folder of a run');
  });

  it('says where it can’t write, and how to write elsewhere', async () => {
    using tablefull = new Cli();
    const folder = runIn(tablefull);
    const { code, stderr } = await tablefull.run('report', folder, '--out', join(folder, 'no/where.html'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/can't write .*give a file with --out\n$/);
  });
});
