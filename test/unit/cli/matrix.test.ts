import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellName, matrixSchema, type Matrix } from '../../../src/schema/matrix.ts';
import { readHistory } from '../../../src/history/store.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { lab, matrix, read, statuses, TOYS } from './matrix-cli.ts';
import { Cli, fakeLab, TOY, type Mishap } from './cli.ts';

const AS_EXPECTED = {
  symptom: 'reproduced',
  control: 'not-reproduced',
  'raise-max': 'cured',
  'be-liberal': 'no-effect',
  placebo: 'no-effect',
};
const ALL = Object.fromEntries(
  ['toy', 'other'].flatMap((row) =>
    Object.entries(AS_EXPECTED).map(([remedy, status]) => [`${row} × ${remedy}`, status]),
  ),
);

describe('a matrix', () => {
  it('fills each cell, leaves its files, and ends with exit code 0 where all is as expected', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: TOYS });
    const { code, stdout, document, out } = await matrix(tablefull);
    expect(statuses(document.cells)).toEqual(ALL);
    expect(code).toBe(0);
    expect(stdout).toContain('10 cells in');
    expect(stdout).toMatch(/^PASSED matrix: 10 of 10 cells as expected\n/);
    expect(document.outcome).toMatchObject({ headline: 'PASSED', exitCode: 0 });
    expect(readFileSync(join(out, 'matrix.md'), 'utf8')).toContain('**PASSED**: 10 of 10 cells as expected');
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    for (const { run } of document.cells) {
      expect(existsSync(join(out, run ?? '', 'report.html'))).toBe(true);
      expect(page).toContain(`href="./${run ?? ''}/report.html"`);
    }
    for (const { run } of document.cells) expect(existsSync(join(out, run ?? '', 'verdict.json'))).toBe(true);
  });

  it('comes to the same verdicts side by side as one after the other', async () => {
    const documents: Matrix[] = [];
    for (const jobs of ['1', '4']) {
      using tablefull = new Cli({ labs: [lab()], scenarios: TOYS });
      documents.push((await matrix(tablefull, '--jobs', jobs)).document);
    }
    const [serial, parallel] = documents;
    expect(parallel?.cells.map((cell) => ({ ...cell, figures: {} }))).toEqual(
      serial?.cells.map((cell) => ({ ...cell, figures: {} })),
    );
  });

  it('has as many runs at work side by side as it may, and no more', async () => {
    let open = 0;
    const most: number[] = [];
    for (const jobs of [1, 2, 3]) {
      let max = 0;
      const counting: Mishap = (deed) => {
        if (deed === 'reserve') open += 1;
        if (deed === 'release') open -= 1;
        max = Math.max(max, open);
      };
      using tablefull = new Cli({ labs: [lab(counting)], scenarios: TOYS });
      await matrix(tablefull, '--jobs', String(jobs));
      most.push(max);
    }
    expect(most).toEqual([1, 2, 3]);
  });

  it('has one run at a time where a lab needs the machine to itself', async () => {
    let open = 0;
    let max = 0;
    const counting: Mishap = (deed) => {
      open += deed === 'open' ? 1 : deed === 'down' ? -1 : 0;
      max = Math.max(max, open);
    };
    using tablefull = new Cli({ labs: [fakeLab(counting)], scenarios: TOYS });
    await matrix(tablefull, '--jobs', '3');
    expect(max).toBe(1);
  });

  it('has a run to itself whose fault is the whole machine’s', async () => {
    const open = new Set<string>();
    const beside: string[][] = [];
    const counting: Mishap = (deed, { protocol }) => {
      const name = protocol.fault.kind;
      if (deed === 'open') open.add(name);
      if (deed === 'down') open.delete(name);
      if (open.has('buckets')) beside.push([...open]);
    };
    const global: Scenario = {
      ...TOY,
      name: 'global',
      protocol: (...args) => ({ ...TOY.protocol(...args), fault: { kind: 'buckets', times: 1 / 512 } }),
    };
    const root = { labs: [lab(counting)], scenarios: [global, ...TOYS], mayChangeLimit: () => true } as const;
    using tablefull = new Cli(root);
    await matrix(tablefull, '--jobs', '4');
    expect(new Set(beside.map(String))).toEqual(new Set(['buckets']));
  });

  it('tries the remedies of a row in one run, each on a fresh table, and confirms the fault last', async () => {
    const deeds: string[] = [];
    using tablefull = new Cli({ labs: [lab(undefined, deeds)], scenarios: [TOY] });
    await matrix(tablefull, '--only', 'toy/be-liberal,toy/placebo');
    expect(deeds.filter((deed) => deed.includes(' '))).toEqual([
      'symptom baseline',
      'apply squeeze',
      'symptom fault',
      'apply sysctl',
      'be-liberal fresh',
      'undo sysctl',
      'apply sysctl',
      'placebo fresh',
      'undo sysctl',
      'symptom confirm',
    ]);
  });

  it('records each run under the command that does the same', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const { out } = await matrix(tablefull);
    const [header] = await readHistory(join(out, 'runs/toy'));
    expect(header).toMatchObject({
      singlePass: true,
      argv: ['run', 'toy', '--single-pass', '--remedy', 'raise-max,be-liberal,placebo', '--seed', '5'],
    });
    const [control] = await readHistory(join(out, 'runs/toy-control'));
    expect(control).toMatchObject({ argv: ['run', 'toy', '--control', '--seed', '5'] });
  });

  it('is one JSON document with --json', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const { stdout, document } = await matrix(tablefull, '--json', '--quiet');
    expect(JSON.parse(stdout)).toEqual(document);
  });

  it('ends with 1 where a cell is not as expected, and says which and why', async () => {
    const cured: Scenario = {
      ...TOY,
      protocol: (...args) => ({ ...TOY.protocol(...args), remedies: { placebo: 'cured' } }),
    };
    using tablefull = new Cli({ labs: [lab()], scenarios: [cured] });
    const { code, stdout } = await matrix(tablefull);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED matrix: toy × placebo no-effect, expected cured\n/);
    expect(stdout).toMatch(/toy × placebo: no-effect, expected cured\n +80 of 200 requests answered/);
  });

  it('ends with 3 where something was not put back', async () => {
    const leaving: Mishap = (deed, { onLeft }) => {
      if (deed === 'down') onLeft('nf_conntrack_max is 7');
    };
    using tablefull = new Cli({ labs: [lab(leaving)], scenarios: [TOY] });
    const { code, stdout } = await matrix(tablefull);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^NOT RESTORED matrix: nf_conntrack_max is 7/);
  });

  it('is NOT RUN, with exit code 2 and the reason, where none of its cells can be tried', async () => {
    const impossible = { ...lab(), cannot: () => 'needs a cluster: use --lab kind' };
    using tablefull = new Cli({ labs: [impossible], scenarios: [TOY] });
    const { code, stdout } = await matrix(tablefull);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^NOT RUN matrix: needs a cluster: use --lab kind\n/);
  });

  it('runs again, alone, what was inconclusive', async () => {
    let times = 0;
    const unlucky: Mishap = (deed) => {
      if (deed === 'placebo fresh' && ++times === 1) throw new Error('no luck');
    };
    using tablefull = new Cli({ labs: [lab(unlucky)], scenarios: [TOY] });
    const { code, document } = await matrix(tablefull);
    expect(code).toBe(0);
    const runs = Object.fromEntries(document.cells.map(({ remedy, run }) => [remedy, run]));
    expect(runs).toMatchObject({ placebo: 'runs/toy-2', 'raise-max': 'runs/toy', symptom: 'runs/toy' });
  });

  it('learns nothing of remedies where the symptom was inconclusive', async () => {
    const broken: Mishap = (deed) => {
      if (deed === 'symptom baseline') throw new Error('no luck');
    };
    using tablefull = new Cli({ labs: [lab(broken)], scenarios: [TOY] });
    const { code, document } = await matrix(tablefull);
    expect([code, new Set(document.cells.map(({ status }) => status))]).toEqual([
      2,
      new Set(['inconclusive']),
    ]);
  });

  it('can’t be had in a folder that holds one', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const { out } = await matrix(tablefull);
    const { code, stderr } = await matrix(tablefull);
    expect([code, stderr]).toEqual([
      64,
      `tablefull: ${out} holds a matrix already: give another folder with --out, or --resume ${out}\n`,
    ]);
  });
});

describe('--resume', () => {
  it('runs what an interrupted matrix lacks, and keeps what it has', async () => {
    let interrupt = true;
    const impatient =
      (tablefull: Cli): Mishap =>
      (deed) => {
        if (interrupt && deed === 'placebo fresh') tablefull.signals.emit('SIGINT', 'SIGINT');
      };
    using tablefull = new Cli((cli) => ({ labs: [lab(impatient(cli))], scenarios: TOYS }));
    const first = await matrix(tablefull, '--jobs', '1');
    expect(first.code).toBe(130);
    expect(first.stdout).toMatch(
      /^INTERRUPTED matrix: by SIGINT, after 1 of 10 cells; until then: 1 as expected\n/,
    );
    expect(first.stdout).not.toContain('inconclusive');
    expect(first.document.outcome).toMatchObject({ headline: 'INTERRUPTED', exitCode: 130 });
    expect(first.stdout).toContain(`missing: --resume ${first.out}`);
    interrupt = false;
    const { code } = await tablefull.run('matrix', '--resume', first.out);
    const document = read(first.out);
    expect([code, statuses(document.cells)]).toEqual([0, ALL]);
    expect(document.asked).toEqual(first.document.asked);
    const symptom = document.cells.find((cell) => cellName(cell) === 'toy × symptom');
    expect(symptom?.run).toBe('runs/toy');
  });

  it('has nothing to run where nothing is missing', async () => {
    const deeds: string[] = [];
    using tablefull = new Cli({ labs: [lab(undefined, deeds)], scenarios: [TOY] });
    const { out, document } = await matrix(tablefull);
    deeds.length = 0;
    expect((await tablefull.run('matrix', '--resume', out)).code).toBe(0);
    expect(deeds).toEqual([]);
    expect(read(out).cells).toEqual(document.cells);
  });

  it('refuses another kernel’s, a folder that holds none, and options that it has already', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const { out, document } = await matrix(tablefull);
    writeFileSync(join(out, 'matrix.json'), JSON.stringify({ ...document, kernel: '2.6.32' }));
    const other = await tablefull.run('matrix', '--resume', out);
    expect([other.code, other.stderr]).toEqual([
      64,
      `tablefull: ${out} was begun on kernel 2.6.32, without root: resume it there, or start a new matrix\n`,
    ]);
    expect((await tablefull.run('matrix', '--resume', join(out, 'runs'))).code).toBe(64);
    expect((await tablefull.run('matrix', '--resume', out, '--quick')).stderr).toContain(
      'cannot be used with',
    );
  });
});

describe('--repeat', () => {
  it('is the whole again with the next seed, and lists the cells whose verdicts disagree', async () => {
    let times = 0;
    const moody: Mishap = (deed) => {
      if (deed === 'placebo fresh' && ++times > 1) throw new Error('no luck');
    };
    using tablefull = new Cli({ labs: [lab(moody)], scenarios: [TOY] });
    const words = ['matrix', '--quick', '--repeat', '2', '--seed', '5', '--out', tablefull.folder];
    const { code, stdout } = await tablefull.run(...words);
    expect(code).toBe(2);
    expect(stdout.split('\n')).toEqual([
      `PASSED matrix 1 of 2: 5 of 5 cells as expected; ${tablefull.folder}/1`,
      `INCONCLUSIVE matrix 2 of 2: 1 of 5 cells inconclusive: toy × placebo; ${tablefull.folder}/2`,
      'toy × placebo: no-effect, inconclusive',
      'cells whose verdicts disagree: 1, seeds from 5',
      'INCONCLUSIVE matrix: of 2 matrices 1 PASSED, 1 INCONCLUSIVE; the verdicts of 1 cells disagree',
      '',
    ]);
    expect(read(join(tablefull.folder, '2')).asked.seed).toBe(6);
  });

  it('ends with 0 where none do, and is one JSON document with --json', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const words = ['matrix', '--quick', '--repeat', '2', '--json', '--out', tablefull.folder];
    const { code, stdout } = await tablefull.run(...words);
    const document = JSON.parse(stdout) as { matrices: unknown[]; disagreeing: unknown[] };
    expect([code, document.disagreeing]).toEqual([0, []]);
    expect(document.matrices.map((each) => matrixSchema.parse(each).cells.length)).toEqual([5, 5]);
  });
});
