import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { annotationLines, groupLines, inRepository } from '../../../src/report/github/commands.ts';
import { runSummary } from '../../../src/report/github/summary.ts';
import { judge } from '../../../src/judge/judge.ts';
import { HistoryBuilder, MET } from '../judge/history-builder.ts';
import { Cli, fakeLab, TOY } from '../cli/cli.ts';

describe('annotations', () => {
  it('are workflow commands, escaped as GitHub wants', () => {
    const lines = annotationLines([
      { level: 'error', title: 'a: b, c', message: '100 % of\nwhat', file: 'ci/s.yaml', line: 5 },
    ]);
    expect(lines).toEqual(['::error file=ci/s.yaml,line=5,title=a%3A b%2C c::100 %25 of what']);
  });

  it('are as many as GitHub shows; the last says how many more there are', () => {
    const all = Array.from({ length: 12 }, (_, i) => ({
      level: 'error' as const,
      title: 't',
      message: String(i),
    }));
    const lines = annotationLines(all);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=tablefull::and 3 more; the job’s summary has all');
  });

  it('name files from the root of the repository', () => {
    expect(inRepository('/repo/ci/s.yaml', '/repo')).toBe('ci/s.yaml');
    expect(inRepository('ci/s.yaml', undefined)).toBe('ci/s.yaml');
  });
});

test.each(['::error::no', '  ::set-output name=x::y', '##[error]no', '\u001b[2J::error::no'])(
  'a line of a log is not a command, though it says %j',
  (line) => {
    const [, shown = ''] = groupLines('a run', [line]);
    expect(shown.trimStart().startsWith('::')).toBe(false);
    expect(shown.trimStart().startsWith('##[')).toBe(false);
    expect(shown).not.toContain('\u001b');
  },
);

it('a summary has no markup of strangers, and the share that failed as bars', () => {
  const history = new HistoryBuilder({ remedies: ['raise-max', 'placebo'] })
    .symptom()
    .remedy('raise-max', MET)
    .with({
      type: 'not-judged',
      cycle: 'placebo',
      status: 'skipped',
      reason: '<img src=x> @all *b* | [l](u)',
    })
    .over();
  const verdict = judge(history);
  const summary = runSummary(verdict, 'requests.failed.rate');
  expect(summary).toMatch(/^no remedy {2}█{12}░{8} 60 %$/m);
  expect(summary).toMatch(/^raise-max {2}░{20} 0 %$/m);
  expect(summary).toContain('&lt;img src=x&gt; @\u200Ball \\*b\\* \\| \\[l\\](u)');
});

describe('a step of a job on GitHub', () => {
  const github = (folder: string) => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: folder,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  });
  const SUITE =
    'version: 1\nruns:\n  - scenario: toy\n    remedies:\n      raise-max: no-effect\n      be-liberal: no-effect\n';

  it('annotates the lines of the suite that do not hold, groups each run’s log, and writes a summary', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
    const { path } = folder;
    using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY], env: github(path) });
    const file = join(path, 'tablefull.yaml');
    await writeFile(file, SUITE);
    const { code, stderr, stdout } = await tablefull.run('test', file, '--out', join(path, 'out'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^::group::FAILED toy: [^\n]*\n[^:][^]*\n::endgroup::$/m);
    expect(stderr.match(/^::error .*$/gm)).toEqual([
      expect.stringMatching(
        /^::error file=tablefull\.yaml,line=5,title=toy::raise-max cured, expected no-effect: /,
      ),
    ]);
    expect(stdout).not.toContain('::');
    const summary = await readFile(join(path, 'summary.md'), 'utf8');
    expect(summary).toMatch(/^## ❌ FAILED /);
    expect(summary).toMatch(/^\| ❌ +\| raise-max is no-effect +\| cured: /m);
    expect(summary).toMatch(/^\| ✅ +\| be-liberal is no-effect +\| no-effect: /m);
  });

  it('reports a single run too, and nothing with --reporter none', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
    const { path } = folder;
    using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY], env: github(path) });
    const words = ['run', 'toy', '--remedy', 'raise-max', '--expect', 'raise-max=no-effect'];
    const silent = await tablefull.run(...words, '--out', join(path, '1'), '--reporter', 'none');
    expect(silent.stderr).not.toContain('::');
    const { stderr } = await tablefull.run(...words, '--out', join(path, '2'));
    expect(stderr).toMatch(/^::error title=toy::raise-max cured, expected no-effect: /m);
    expect(await readFile(join(path, 'summary.md'), 'utf8')).toMatch(/^## ❌ FAILED toy\n/);
  });
});
