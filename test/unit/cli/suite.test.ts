import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { suiteSchema, type Suite } from '../../../src/schema/suite.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { Cli, fakeLab, TOY, type Mishap } from './cli.ts';

const OTHER: Scenario = { ...TOY, name: 'other' };
const lab = (mishap?: Mishap) => ({ ...fakeLab(mishap), atOnce: () => 2 });
const context = (mishap?: Mishap) => ({ labs: [lab(mishap)] as const, scenarios: [TOY, OTHER] });

/** Runs a suite of these runs in a fake lab. */
async function suite(tablefull: Cli, runs: string, ...words: readonly string[]) {
  const file = join(tablefull.folder, 's.yaml');
  writeFileSync(file, `version: 1\nruns:\n${runs}`);
  const out = join(tablefull.folder, 'out');
  const result = await tablefull.run('test', file, '--seed', '5', '--out', out, ...words);
  const there = existsSync(join(out, 'suite.json'));
  const text = (name: string): string => readFileSync(join(out, name), 'utf8');
  const without = (words: string): string => words.replaceAll(`${tablefull.folder}/`, '');
  return {
    ...result,
    stdout: without(result.stdout),
    stderr: without(result.stderr),
    out,
    document: there ? suiteSchema.parse(JSON.parse(text('suite.json'))) : undefined,
    junit: there ? without(text('junit.xml')) : '',
  };
}

const found = (document: Suite | undefined) =>
  document?.runs.flatMap(({ name, results }) =>
    results.map((each) => `${name}: ${each.name}: ${each.result}, line ${String(each.line)}`),
  );

const RUNS = `
  - scenario: toy
    remedies: { raise-max: cured, be-liberal: no-effect }
    thresholds:
      fault: [drop.delta > 0]
  - scenario: toy
    control: true
  - scenario: other
    name: the other one
    symptom: reproduced
    remedies: {}
`.slice(1);

describe('a suite', () => {
  it('that holds passes, and says of each thing on which line it is', async () => {
    using tablefull = new Cli(context());
    const { code, stdout, document, out } = await suite(tablefull, RUNS);
    expect(found(document)).toEqual([
      'toy: symptom is reproduced: passed, line 3',
      'toy: raise-max is cured: passed, line 4',
      'toy: be-liberal is no-effect: passed, line 4',
      'toy: fault: drop.delta > 0: passed, line 6',
      'toy (control): symptom is not-reproduced: passed, line 7',
      'the other one: symptom is reproduced: passed, line 11',
    ]);
    expect(document?.outcome).toEqual({
      headline: 'PASSED',
      exitCode: 0,
      summary: '3 runs, 6 results as expected',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PASSED s\.yaml: 3 runs, 6 results as expected\n/);
    for (const { run } of document?.runs ?? [])
      for (const name of ['verdict.json', 'junit.xml', 'report.html'])
        expect(existsSync(join(out, String(run), name))).toBe(true);
  });

  it('that does not hold fails, and names the line, what was found, and why', async () => {
    using tablefull = new Cli(context());
    const { code, stdout, junit } = await suite(
      tablefull,
      '  - scenario: toy\n    remedies:\n      raise-max: postponed\n    thresholds: { raise-max: [drop.delta > 5] }\n',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED s\.yaml: 1 of 1 run FAILED; toy: raise-max\s+cured, expected postponed;/);
    expect(stdout).toMatch(/\n {2}s\.yaml:5 {2}raise-max cured, expected postponed\n/);
    expect(stdout).toMatch(/\n {2}s\.yaml:6 {2}raise-max: drop\.delta > 5: not-met\n/);
    expect(stdout).toContain('rerun   tablefull test s.yaml --seed 5');
    expect(junit).toMatch(
      /<testcase classname="toy" name="raise-max is postponed" time="[\d.]+">\s+<failure message="cured, expected postponed: /,
    );
    expect(junit).toMatch(
      /<testcase classname="toy" name="raise-max: drop.delta &gt; 5">\s+<failure message="not-met, expected met: /,
    );
  });

  it('has the scenario’s own remedies and statuses where a run names none', async () => {
    using tablefull = new Cli(context());
    const { document } = await suite(tablefull, '  - scenario: toy\n');
    expect(document?.runs[0]?.results.map(({ name }) => name)).toEqual([
      'symptom is reproduced',
      ...Object.entries(
        TOY.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: true }).remedies,
      ).map(([name, status]) => `${name} is ${status}`),
    ]);
  });

  it('tries remedies given by path, relative to its file', async () => {
    using tablefull = new Cli(context());
    const remedy =
      'summary: a fix of ours\nexpected: cured\nchanges: [{ kind: sysctl, node: all, name: net.ipv4.tcp_syn_retries, value: 2 }]\n';
    writeFileSync(join(tablefull.folder, 'ours.yaml'), remedy);
    const { document, code } = await suite(
      tablefull,
      '  - scenario: toy\n    remedies: { ./ours.yaml: no-effect }\n    thresholds: { ./ours.yaml: [drop.delta > 0] }\n',
    );
    expect(found(document)?.slice(1)).toEqual([
      'toy: ours is no-effect: passed, line 4',
      'toy: ours: drop.delta > 0: passed, line 5',
    ]);
    expect(code).toBe(0);
  });

  it('goes on after a run that this machine can’t carry out, which is NOT RUN', async () => {
    const absent = {
      ...lab(),
      name: 'absent',
      preflight: () => Promise.reject(new Error('Docker does not answer; start it')),
    };
    using tablefull = new Cli({ labs: [lab(), absent], scenarios: [TOY] });
    const { code, document, stdout, junit } = await suite(
      tablefull,
      '  - { scenario: toy, lab: absent }\n  - scenario: toy\n',
    );
    expect(document?.runs.map(({ name, outcome }) => `${name}: ${outcome.headline}`)).toEqual([
      'toy in absent: NOT RUN',
      'toy: PASSED',
    ]);
    expect(stdout).toContain('Docker does not answer; start it');
    expect(junit).toContain('<error message="NOT RUN: Docker does not answer; start it"/>');
    expect(code).toBe(2);
  });

  it('that is interrupted says after how many runs, and what those were', async () => {
    const mishap =
      (tablefull: Cli): Mishap =>
      (deed) => {
        // The first run is the control, which has no fault phase of a remedy.
        if (deed === 'be-liberal fresh') tablefull.signals.emit('SIGINT', 'SIGINT');
      };
    using tablefull = new Cli((cli) => ({ labs: [fakeLab(mishap(cli))], scenarios: [TOY] }));
    const runs =
      '  - { scenario: toy, control: true }\n  - scenario: toy\n  - { scenario: toy, name: third }\n';
    const { code, stdout, document } = await suite(tablefull, runs, '--jobs', '1');
    expect(code).toBe(130);
    expect(stdout).toMatch(/^INTERRUPTED s\.yaml: by SIGINT, after 1 of 3 runs;\s+until then: 1 PASSED\n/);
    expect(stdout).toMatch(/\n– toy +INTERRUPTED; .*\n {4}by SIGINT, after \d of 4 results; until then:/);
    expect(stdout).not.toContain('inconclusive');
    expect(document?.outcome.summary).toBe('by SIGINT, after 1 of 3 runs; until then: 1 PASSED');
  });

  it('runs what --only names', async () => {
    using tablefull = new Cli(context());
    const { document } = await suite(tablefull, RUNS, '--only', 'toy (control),the other one');
    expect(document?.runs.map(({ name }) => name)).toEqual(['toy (control)', 'the other one']);
    const { code, stderr } = await suite(tablefull, RUNS, '--only', 'tov');
    expect([code, stderr]).toEqual([64, 'tablefull: --only tov: unknown run of s.yaml; did you mean toy?\n']);
  });

  it('prints what it would do in a dry run, and does nothing', async () => {
    using tablefull = new Cli(context());
    const { code, stdout, document } = await suite(tablefull, RUNS, '--dry-run');
    expect(stdout.match(/^# (toy|the other one).*$/gm)).toEqual([
      '# toy',
      '# toy (control)',
      '# the other one',
    ]);
    expect([code, document]).toEqual([0, undefined]);
  });

  test.each<[what: string, runs: string, lines: readonly string[]]>([
    [
      'an unknown scenario',
      '  - scenario: tov\n',
      [
        's.yaml:3:5: runs.0.scenario: unknown scenario tov; did you mean toy? (`tablefull list` shows all; a file is named as in ./mine.yaml)',
      ],
    ],
    [
      'an unknown parameter',
      '  - scenario: toy\n    params: { x: "1" }\n',
      ['s.yaml:4:15: runs.0.params.x: unknown parameter of toy; its parameters: none'],
    ],
    [
      'an unknown lab',
      '  - scenario: toy\n    lab: moon\n',
      ['s.yaml:4:5: runs.0.lab: unknown lab; use fake'],
    ],
    [
      'an unknown remedy',
      '  - scenario: toy\n    remedies: { raise-mx: cured }\n',
      ['s.yaml:4:17: runs.0.remedies.raise-mx: unknown remedy; did you mean raise-max?'],
    ],
    [
      'a sysctl without a number',
      '  - scenario: toy\n    remedies: { "sysctl:net.x": cured }\n',
      [
        's.yaml:4:17: "runs.0.remedies.sysctl:net.x": write sysctl:NAME=NUMBER, with a name below net: sysctl:net.ipv4.tcp_tw_reuse=1',
      ],
    ],
    [
      'a missing remedy file',
      '  - scenario: toy\n    remedies: { ./fix.yaml: cured }\n',
      [
        's.yaml:4:17: "runs.0.remedies../fix.yaml": no such file or directory (ENOENT); name an existing file or folder',
      ],
    ],
    [
      'a threshold of a remedy that is not tried',
      '  - scenario: toy\n    remedies: {}\n    thresholds: { raise-max: [drop.delta == 0] }\n',
      ['s.yaml:5:19: runs.0.thresholds.raise-max: unknown phase raise-max; use baseline, fault'],
    ],
    [
      'a threshold over a figure that there is not',
      '  - scenario: toy\n    thresholds: { fault: [drops.delta > 0] }\n',
      [expect.stringMatching(/^s\.yaml:4:19: runs\.0\.thresholds\.fault: .*drops\.delta/) as string],
    ],
    [
      'two runs of one name',
      '  - scenario: toy\n  - scenario: toy\n',
      ['s.yaml:4:5: runs.1: a run before it is named toy too; give one of them another `name`'],
    ],
  ])('is refused in a line with its place and the fix: %s', async (_, runs, lines) => {
    using tablefull = new Cli(context());
    const { code, stderr } = await suite(tablefull, runs);
    const told = await tablefull.run('validate', join(tablefull.folder, 's.yaml'));
    expect([code, stderr.trimEnd().replace('tablefull: ', '')]).toEqual([64, lines[0]]);
    const own = told.stderr.replaceAll(`${tablefull.folder}/`, '').replaceAll(/^tablefull: /gm, '');
    expect(own.trimEnd().split('\n')).toEqual(lines);
    expect(told.code).toBe(64);
  });

  it('that names no lab blames whoever names an unknown one', async () => {
    using asked = new Cli(context());
    expect(await suite(asked, '  - scenario: toy\n', '--lab', 'moon')).toMatchObject({
      code: 64,
      stderr: 'tablefull: --lab moon: unknown lab; use fake\n',
    });
    using wished = new Cli({ ...context(), env: { TABLEFULL_LAB: 'moon' } });
    expect(await suite(wished, '  - scenario: toy\n')).toMatchObject({
      code: 64,
      stderr: 'tablefull: TABLEFULL_LAB=moon: unknown lab; use fake\n',
    });
  });

  it('is valid where it can be planned', async () => {
    using tablefull = new Cli(context());
    const file = join(tablefull.folder, 's.yaml');
    writeFileSync(file, `version: 1\nruns:\n${RUNS}`);
    expect(await tablefull.run('validate', file)).toMatchObject({
      code: 0,
      stdout: `${file}: the suite of 3 runs is valid; run it: \`tablefull test ${file}\`\n`,
    });
  });
});

describe('an inconclusive run', () => {
  /** The first `times` phases of a fault are lost. */
  const unclear = (times: number): Mishap => {
    let left = times;
    return (deed) => {
      if (deed === 'symptom fault' && left-- > 0) throw new Error('the machine was busy');
    };
  };
  const RUN = '  - { scenario: toy, remedies: {} }\n';

  it('is exit code 2, and counts as a failure or a success where the user says so', async () => {
    for (const [words, exit] of [
      [[], 2],
      [['--inconclusive', 'fail'], 1],
      [['--inconclusive', 'pass'], 0],
    ] as const) {
      using tablefull = new Cli(context(unclear(1)));
      const { code, document, stdout } = await suite(tablefull, RUN, ...words);
      expect([code, document?.outcome.headline]).toEqual([exit, 'INCONCLUSIVE']);
      expect(stdout.includes('because of --inconclusive')).toBe(exit !== 2);
    }
  });

  it('is repeated as often as the user allows, and no more', async () => {
    using once = new Cli(context(unclear(1)));
    const good = await suite(once, RUN, '--retry-inconclusive', '3');
    expect(good.document?.runs).toMatchObject([
      { attempts: 2, run: 'runs/toy-2', outcome: { headline: 'PASSED' } },
    ]);
    using always = new Cli(context(unclear(9)));
    const bad = await suite(always, RUN, '--retry-inconclusive', '2');
    expect(bad.document?.runs).toMatchObject([{ attempts: 3, outcome: { headline: 'INCONCLUSIVE' } }]);
    expect([good.code, bad.code]).toEqual([0, 2]);
  });
});
