import { REMEDIES } from '../../../src/remedy/index.ts';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Cli, fakeLab, TOY } from './cli.ts';

describe('a wrong argument is refused with exit code 64 and one line that says how to go on', () => {
  test.each([
    ['sature', "unknown command 'sature'; see tablefull --help"],
    ['rum saturate', "unknown command 'rum' (Did you mean run?)"],
    [
      'run sature',
      'unknown scenario sature; did you mean saturate? (`tablefull list` shows all; a file is named as in ./mine.yaml)',
    ],
    ['run ./mine.ts', './mine.ts: there is no such file; `tablefull init` writes an example'],
    ['run mine.json', 'mine.json: a scenario file ends in .yaml, .yml, .ts, .mts, .js, .mjs'],
    [
      'run saturate boom',
      "too many arguments for 'run'. Expected 1 argument but got 2; see tablefull run --help",
    ],
    ['run saturate --sqeeze none', "unknown option '--sqeeze' (Did you mean --squeeze?)"],
    [
      'run saturate --squeeze hard',
      "option '--squeeze <how>' argument 'hard' is invalid. Allowed choices are ballast, sysctl, netns-sysctl, none.",
    ],
    ['run saturate --lab moon', '--lab moon: unknown lab; use netns, kind'],
    ['run saturate --reuse mine', '--reuse mine: the lab netns has no clusters; use --lab kind'],
    [
      'lab up kind --conntrack maxPerCor=0',
      '--conntrack maxPerCor: unknown key "maxPerCor"; did you mean maxPerCore?',
    ],
    ['lab up netns', 'lab up netns: such a lab can’t be kept; use kind'],
    ['lab down nothing', 'unknown lab nothing; `tablefull lab list` lists the labs that tablefull created'],
    [
      'run saturate --remedy prayer',
      `--remedy prayer: unknown remedy; use ${REMEDIES.map(({ name }) => name).join(', ')}, none`,
    ],
    [
      'run saturate --remedy none,raise-max',
      '--remedy none,raise-max: none means the symptom alone; use it without other names',
    ],
    ['run saturate --remedy raise-mx', '--remedy raise-mx: unknown remedy; did you mean raise-max?'],
    [
      'run saturate --remedy raise-max,',
      "option '--remedy <names>' argument 'raise-max,' is invalid. Give names separated by commas.",
    ],
    [
      'run saturate --remedy placebo --expect raise-max=cured',
      '--expect raise-max=cured: raise-max is not tried; use symptom, placebo',
    ],
    ['run saturate --expect raise-max=curd', '--expect raise-max=curd: unknown status; did you mean cured?'],
    [
      'run saturate --expect symptom=cured',
      '--expect symptom=cured: unknown status; use reproduced, not-reproduced, inconclusive, skipped',
    ],
    [
      'run saturate --expect cured',
      "option '--expect <name=status,…>' argument 'cured' is invalid. Give NAME=VALUE, not `cured`.",
    ],
    [
      'run saturate --param fil=held',
      '--param fil: unknown parameter of saturate; its parameters: fill, slots',
    ],
    ['run saturate --param fill=full', '--param fill=full: use churn or held'],
    [
      'run saturate --seed -1',
      "option '--seed <number>' argument '-1' is invalid. Give a whole number from 0 to 2147483647.",
    ],
    ['run saturate --seed', "option '--seed <number>' argument missing; see tablefull run --help"],
    [
      'run saturate --repeat 0',
      "option '--repeat <times>' argument '0' is invalid. Give a whole number from 1 to 2147483647.",
    ],
    [
      'run saturate --repeat 2 --keep-lab',
      "option '--repeat <times>' cannot be used with option '--keep-lab'; see tablefull run --help",
    ],
    [
      'run stale-headless-dns --pace 2',
      '--pace 2: use at most 1; slower, and entries or DNS answers expire while the demand is offered',
    ],
    ['run saturate-k6 --pace 2', '--pace 2: leave it out: a demand of kind k6 has a rate of its own'],
    [
      'run saturate --lab kind --kind-config /nowhere',
      '--kind-config /nowhere: no such file or directory (ENOENT); name an existing file',
    ],
    ['validate', "missing required argument 'file'; see tablefull validate --help"],
    ['lab play', "missing required argument 'scenario'; see tablefull lab play --help"],
    [
      'judge /nowhere',
      "can't read /nowhere/history.jsonl: no such file or directory (ENOENT); name the folder of a run",
    ],
    ...['../../x', '-rf', 'Mine', '..', `x${'y'.repeat(49)}`].flatMap((name) => {
      const why = `argument '${name}' is invalid. Give a name of at most 40 lower case letters, digits, dots and dashes.`;
      return [
        [`lab up kind --name ${name}`, `option '--name <name>' ${why}`],
        [`run saturate --lab kind --reuse ${name}`, `option '--reuse <cluster>' ${why}`],
      ];
    }),
    ['lab down ../../x', 'unknown lab ../../x; `tablefull lab list` lists the labs that tablefull created'],
    ['doctor --lab moon', '--lab moon: unknown lab; use netns, kind'],
  ])('tablefull %s', async (words, line) => {
    using tablefull = new Cli();
    const result = await tablefull.run(...words.split(' '));
    expect(result).toEqual({ code: 64, stdout: '', stderr: `tablefull: ${line}\n` });
  });

  it('names the lab that TABLEFULL_LAB asks for', async () => {
    using tablefull = new Cli({ env: { TABLEFULL_LAB: 'moon' } });
    const { code, stderr } = await tablefull.run('run', 'saturate');
    expect([code, stderr]).toEqual([64, 'tablefull: TABLEFULL_LAB=moon: unknown lab; use netns, kind\n']);
  });

  it.each([
    ['run', 'holds a run already', 'history.jsonl'],
    ['run', 'is not empty', 'notes.txt'],
    ['matrix', 'is not empty', 'notes.txt'],
  ])('%s --out refuses a folder that %s', async (verb, why, file) => {
    const deeds: string[] = [];
    using tablefull = new Cli({ labs: [fakeLab(undefined, deeds)], scenarios: [TOY] });
    const { folder } = tablefull;
    writeFileSync(join(folder, file), '');
    const { code, stdout, stderr } = await tablefull.run(
      verb,
      ...(verb === 'run' ? ['toy'] : []),
      '--out',
      folder,
    );
    expect([code, stdout, stderr]).toEqual([
      64,
      '',
      `tablefull: ${folder} ${why}: give another folder with --out\n`,
    ]);
    expect([deeds, readdirSync(folder)]).toEqual([[], [file]]);
  });

  it('run --repeat --out refuses a folder that is not empty', async () => {
    using tablefull = new Cli({ labs: [fakeLab()], scenarios: [TOY] });
    const { folder } = tablefull;
    writeFileSync(join(folder, 'notes.txt'), '');
    const { code } = await tablefull.run('run', 'toy', '--repeat', '2', '--out', folder);
    expect([code, readdirSync(folder)]).toEqual([64, ['notes.txt']]);
  });
});

it('answers an error of its own with one line and exit code 2, and with a stack only where it is asked for', async () => {
  const restoreLeftovers = () => Promise.reject(new TypeError('x is not a function'));
  using plain = new Cli({ restoreLeftovers });
  expect(await plain.run('restore')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'tablefull: unexpected: x is not a function; TABLEFULL_DEBUG=1 shows where\n',
  });
  using debugging = new Cli({ restoreLeftovers, env: { TABLEFULL_DEBUG: '1' } });
  expect((await debugging.run('restore')).stderr).toMatch(/TypeError: x is not a function\n +at /);
});

it.each([
  'nosuch',
  'run satrate',
  'run ./none.yaml',
  'run saturate --lab moon',
  'matrix --only moon',
  'matrix --resume none',
  'test none.yaml',
  'list satrate',
  'explain moon',
  'doctor --lab moon',
  'lab up moon',
  'lab down moon',
  'lab play satrate',
  'workshop moon',
  'gameday --seed x',
  'shell moon',
  'validate none.yaml',
  'validate @bad',
  'init none/x.yaml',
  'init x.txt',
  'judge none',
  'report none',
  'runs none',
  'compare none none',
  'claims none',
  'schema moon',
  'completion moon',
])(
  'each error line of `%s` names the program, and the exit code is that of wrong arguments',
  async (line) => {
    using tablefull = new Cli();
    const bad = join(tablefull.folder, 'bad.yaml');
    writeFileSync(bad, 'name: bad\n');
    const words = line.split(' ').map((word) => (word === '@bad' ? bad : word));
    const { code, stdout, stderr } = await tablefull.run(...words);
    expect([code, stdout]).toEqual([64, '']);
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .filter((said) => !said.startsWith('tablefull: ')),
    ).toEqual([]);
  },
);

describe('validate', () => {
  const IMPORT = `import { defineScenario } from '${join(import.meta.dirname, '../../../src/scenario/define.ts')}';\n`;
  const scenario = (change: string): string => `${IMPORT}
    export default defineScenario({ name: 'mine', summary: 's', params: {}, protocol: () => ({
      topology: { nodes: ['n'], pods: { app: { replicas: 1, nodes: ['n'] } }, services: { web: { pods: 'app', port: 80, app: 'http' } } },
      node: 'n',
      demand: { kind: 'simple-app', pods: 'app', service: 'web', stages: [{ pods: 1, seconds: 1 }], requests: 9, connectTimeout: 1 },
      fault: { kind: 'squeeze', node: 'n', free: 9 },
      symptom: { expected: 'reproduced', when: ['drop.delta > 0'], loss: 'requests.failed.rate' },
      show: [], remedies: { placebo: 'no-effect' }, ${change} }) });`;

  test.each([
    [
      'a protocol that names a pod set it does not have',
      scenario(`node: 'm'`),
      ':3:20: node: unknown node m; did you mean n?',
    ],
    [
      'a remedy that does not exist',
      scenario(`remedies: { pray: 'cured' }`),
      ':3:20: remedies.pray: unknown remedy pray; use raise-max',
    ],
    [
      'a value that is out of range',
      scenario(`fault: { kind: 'squeeze', node: 'n', free: 0 }`),
      ':3:20: fault.free: is 0; give more than 0',
    ],
    [
      'a module without a scenario',
      'export default 1;',
      ':1:1: export default defineScenario({ … }) is missing',
    ],
  ])('and run name the file, the place and the fix for %s', async (_, text, line) => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, 'mine.mjs');
    writeFileSync(file, text);
    for (const verb of ['validate', 'run']) {
      const { code, stdout, stderr } = await tablefull.run(verb, file);
      expect([code, stdout]).toEqual([64, '']);
      expect(stderr.replace('tablefull: ', '')).toContain(`${file}${line}`);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('says how to run a scenario that is sound', async () => {
    using tablefull = new Cli();
    mkdirSync(join(tablefull.folder, 'sub'));
    const file = join(tablefull.folder, 'sub', 'mine.mjs');
    writeFileSync(file, scenario(''));
    const { code, stdout } = await tablefull.run('validate', file);
    expect([code, stdout]).toEqual([
      0,
      `${file}: the scenario mine is valid; run it: \`tablefull run ${file}\`\n`,
    ]);
  });
});

it('prints the JSON Schema of a verdict', async () => {
  using tablefull = new Cli();
  const { code, stdout } = await tablefull.run('schema');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ title: 'The verdict of one tablefull run' });
});

describe('restore', () => {
  it('says what it put back', async () => {
    const report = {
      status: 'complete' as const,
      restored: ['nf_conntrack_max = 262144 (was 1200)'],
      left: [],
    };
    using tablefull = new Cli({ restoreLeftovers: () => Promise.resolve(report) });
    expect(await tablefull.run('restore')).toEqual({
      code: 0,
      stdout: 'restored nf_conntrack_max = 262144 (was 1200)\n',
      stderr: '',
    });
  });

  it('ends with exit code 3 and the reason where it could not', async () => {
    const report = { status: 'incomplete' as const, restored: [], left: ['nf_conntrack_max is 7'] };
    using tablefull = new Cli({ restoreLeftovers: () => Promise.resolve(report) });
    expect(await tablefull.run('restore')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'nf_conntrack_max is 7\n',
    });
  });
});
