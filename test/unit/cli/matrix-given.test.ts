import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHistory } from '../../../src/history/store.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import { cellName } from '../../../src/schema/matrix.ts';
import { lab, matrix, read, statuses, TOYS } from './matrix-cli.ts';
import { Cli, TOY, type Mishap } from './cli.ts';

describe('a matrix of remedies of one’s own', () => {
  const SYSCTL = 'sysctl:net.netfilter.nf_conntrack_tcp_loose=0';
  const OURS =
    'summary: ours\nexpected: cured\nchanges: [{ kind: sysctl, node: all, name: net.ipv4.tcp_syn_retries, value: 2 }]\n';

  it('tries them on every row, and expects nothing of them', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: TOYS });
    const ours = join(tablefull.folder, 'ours.yaml');
    writeFileSync(ours, OURS);
    const { code, document, stdout, out } = await matrix(
      tablefull,
      '--remedy',
      `${ours},${SYSCTL},raise-max`,
    );
    expect(document.cells.filter(({ scenario }) => scenario === 'toy')).toMatchObject([
      { remedy: 'symptom' },
      { remedy: 'control' },
      { remedy: 'ours', status: 'no-effect', expected: null },
      { remedy: SYSCTL, status: 'no-effect', expected: null },
      { remedy: 'raise-max', status: 'cured', expected: 'cured' },
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PASSED matrix: 10 of 10 cells as expected\n/);
    const [header] = await readHistory(join(out, 'runs/toy'));
    expect(header).toMatchObject({
      argv: expect.arrayContaining(['--remedy', `${ours},${SYSCTL},raise-max`]) as unknown,
    });
  });

  it('says which of them can’t be tried in a row, and refuses what can be tried in none', async () => {
    const own = 'our-own';
    const ownRemedies = {
      [own]: { summary: 'ours', expected: 'cured' as const, changes: [] },
    };
    const mine: Scenario = {
      ...TOY,
      name: 'mine',
      protocol: (...args) => ({ ...TOY.protocol(...args), ownRemedies }),
    };
    using tablefull = new Cli({ labs: [lab()], scenarios: [mine, TOY] });
    const { document } = await matrix(tablefull, '--remedy', own);
    expect(document.cells.find((cell) => cellName(cell) === `toy × ${own}`)).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining(`--remedy ${own}: unknown remedy`) as unknown,
    });
    const { code, stderr } = await tablefull.run('matrix', '--remedy', 'rase-max');
    expect([code, stderr]).toEqual([
      64,
      'tablefull: --remedy rase-max: unknown remedy; did you mean raise-max?\n',
    ]);
  });

  it('is resumed with them', async () => {
    using tablefull = new Cli({ labs: [lab()], scenarios: [TOY] });
    const { out, document } = await matrix(tablefull, '--remedy', SYSCTL);
    const cells = document.cells.filter(({ remedy }) => remedy !== SYSCTL);
    writeFileSync(join(out, 'matrix.json'), JSON.stringify({ ...document, cells }));
    expect((await tablefull.run('matrix', '--resume', out)).code).toBe(0);
    expect(statuses(read(out).cells)).toMatchObject({ [`toy × ${SYSCTL}`]: 'no-effect' });
  });
});

describe('inconclusive cells', () => {
  const broken: Mishap = (deed) => {
    if (deed === 'placebo fresh') throw new Error('no luck');
  };
  const once = async (...words: readonly string[]) => {
    using tablefull = new Cli({ labs: [lab(broken)], scenarios: [TOY] });
    return await matrix(tablefull, ...words);
  };

  it('are repeated as often as --retry-inconclusive says', async () => {
    for (const [times, run] of [
      ['0', 'runs/toy'],
      ['2', 'runs/toy-3'],
    ] as const) {
      const { document } = await once('--retry-inconclusive', times);
      expect(document.cells.find(({ remedy }) => remedy === 'placebo')?.run).toBe(run);
    }
  });

  it('count as --inconclusive says', async () => {
    const codeOf = async (as: string) => (await once('--retry-inconclusive', '0', '--inconclusive', as)).code;
    expect([await codeOf('neither'), await codeOf('fail'), await codeOf('pass')]).toEqual([2, 1, 0]);
  });

  it('that pass don’t hide a cell that is not as expected', async () => {
    const odd: Scenario = {
      ...TOY,
      protocol: (...args) => ({
        ...TOY.protocol(...args),
        remedies: { 'be-liberal': 'cured', placebo: 'no-effect' },
      }),
    };
    using tablefull = new Cli({ labs: [lab(broken)], scenarios: [odd] });
    expect((await matrix(tablefull, '--inconclusive', 'pass')).code).toBe(1);
  });
});
