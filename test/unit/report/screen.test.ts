import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { Run } from '../../../src/history/run.ts';
import { wrap, type Paint } from '../../../src/report/layout.ts';
import { explainCommand, rerunCommand } from '../../../src/report/rerun.ts';
import { verdictScreen } from '../../../src/report/screen.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

const NO_LINES = { lines: [], unattributed: [] };
const plain: Paint = (_, text) => text;
const history = new HistoryBuilder({ remedies: ['raise-max', 'be-liberal', 'placebo'] })
  .symptom()
  .with({
    type: 'change',
    cycle: 'raise-max',
    action: 'apply',
    change: { kind: 'limit', add: 1000 },
    node: 'worker-1',
    before: '',
    after: 90000,
    emulated: true,
  })
  .remedy('raise-max', { ...MET, limits: [90_000, 90_000] }, LOSSY)
  .remedy('be-liberal', { ...LOSSY, answered: 150 })
  .with({ type: 'not-judged', cycle: 'placebo', status: 'skipped', reason: 'needs root' })
  .over();
const header = new Run(history).header;
const verdict = judge(history, './runs/20260102-030405-saturate-ab12');
const options = { columns: 80, paint: plain, figures: false };
const screen = (columns: number, of = verdict, figures = false) =>
  verdictScreen(of, { header, kernelLog: NO_LINES }, { columns, paint: plain, figures });

describe('the verdict on a screen', () => {
  it('says the problem, what helps, what does not, each with half a line why, and last the headline', () => {
    expect(screen(80)).toMatchInlineSnapshot(`
      "saturate in netns, kernel 6.18.5
      PROBLEM reproduced: 80 of 200 requests answered, (28) Connection timed out ×120;
        table full at 1,000, drop +150
      WHAT HELPS       fresh    live
        raise-max      cured    no-effect  room for more entries (emulated)
        be-liberal     reduced  reduced
          expected no-effect: requests.failed.rate from 0.6 to 0.25, a factor of 2.4;
          150 of 200 requests answered, (28) Connection timed out ×50; table full at
          1,000, drop +150
      NOT TRIED  placebo: needs root

      FAILED saturate: be-liberal reduced, expected no-effect
        2 of 3 results as expected, in 8.8 s; all restored
        why     tablefull explain saturate
        run     ./runs/20260102-030405-saturate-ab12
        rerun   tablefull run saturate --seed 7
      "
    `);
  });

  it('has all figures and reasons where they are asked for', () => {
    expect(screen(80, verdict, true)).toMatchInlineSnapshot(`
      "saturate in netns, kernel 6.18.5
      PROBLEM reproduced: 80 of 200 requests answered, (28) Connection timed out ×120;
        table full at 1,000, drop +150

      figure                  baseline  fault
      requests.answered            200     80
      requests.outcome[(28)]         0    120
      drop.delta                     0    150

      WHAT HELPS       fresh    live
        raise-max      cured    no-effect  room for more entries (emulated)
          met; the maximum was raised by 1,000
        be-liberal     reduced  reduced
          expected no-effect: requests.failed.rate from 0.6 to 0.25, a factor of 2.4;
          150 of 200 requests answered, (28) Connection timed out ×50; table full at
          1,000, drop +150
      NOT TRIED  placebo: needs root

      FAILED saturate: be-liberal reduced, expected no-effect
        2 of 3 results as expected, in 8.8 s; all restored
        why     tablefull explain saturate
        run     ./runs/20260102-030405-saturate-ab12
        rerun   tablefull run saturate --seed 7
      "
    `);
  });

  it('has the figures unasked where the problem is not as expected', () => {
    const symptom = { ...verdict.symptom, status: 'not-reproduced' as const };
    expect(screen(80, { ...verdict, symptom })).toMatch(/^drop\.delta +0 +150$/m);
    expect(screen(80, { ...verdict, symptom })).toMatch(/^PROBLEM not-reproduced, expected reproduced: /m);
    expect(screen(80)).not.toContain('drop.delta');
  });

  it.each([60, 72, 80, 132])('is at most %i columns wide, and fits one screen', (columns) => {
    const lines = screen(columns).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.length).toBeLessThanOrEqual(30);
  });

  it('says first what was not restored, and the command that does, then each thing on a line', () => {
    const left = ['nf_conntrack_max is 1200, was 262144', 'a rule of worker-1'];
    const incomplete = judge([
      ...history.slice(0, -2),
      { type: 'restore', t: 9000, status: 'incomplete', left },
      ...history.slice(-1),
    ]);
    const lines = screen(80, incomplete).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'NOT RESTORED; run: tablefull restore',
      ...left.map((line) => `  ${line}`),
    ]);
    expect(
      lines.filter((line) => line.startsWith('NOT RESTORED saturate: nf_conntrack_max is 1200')),
    ).toHaveLength(1);
  });

  it('says a reason once that several remedies share', () => {
    const names = ['be-liberal', 'drop-invalid', 'keepalive'];
    const alike = new HistoryBuilder({ remedies: names }).symptom();
    for (const name of names) alike.remedy(name, LOSSY);
    const lines = screen(80, judge(alike.over())).split('\n');
    expect(
      lines.slice(
        lines.findIndex((line) => line.startsWith('WHAT')),
        -5,
      ),
    ).toEqual([
      'WHAT DOES NOT    fresh      live',
      '  be-liberal     no-effect  no-effect  only matters for INVALID packets',
      '  drop-invalid   no-effect  no-effect  same',
      '  keepalive      no-effect  no-effect  does not reach what fails',
    ]);
  });

  it('marks the kernel’s lines that may be another run’s, and shows none of them beside its own', () => {
    const old = '[ 1.0] nf_conntrack: table full, dropping packet';
    const kernel = (lines: readonly string[]) =>
      verdictScreen(
        verdict,
        { header, kernelLog: { lines: [...lines], unattributed: [old] } },
        { ...options, figures: true },
      ).replaceAll(/\n +/g, ' ');
    expect(kernel([])).toContain(`kernel  1 line like ${old}; these name no network namespace of this run`);
    expect(kernel(['[ 2.0] table full in netns 7'])).not.toContain('these name no');
  });

  it('shows a figure that was not seen as a dash, never as 0', () => {
    const { figures } = verdict.symptom;
    const { 'drop.delta': _, ...rest } = figures;
    expect(screen(80, { ...verdict, symptom: { ...verdict.symptom, figures: rest } }, true)).toMatch(
      /^drop\.delta +0 +–$/m,
    );
  });
});

describe('a wrapped text', () => {
  it('keeps every word, and breaks at blanks only', () => {
    const text = 'a longer text with averyveryverylongwordindeed in it';
    const lines = wrap(text, 16, '  ');
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
    expect(lines.filter((line) => line.length > 16)).toEqual(['  averyveryverylongwordindeed']);
  });
});

describe('the command that explains a run', () => {
  it.each([
    [undefined, 'tablefull explain saturate'],
    ['scenario', 'npm run tablefull -- explain saturate'],
    ['tablefull', 'npm run tablefull -- explain saturate'],
  ])('started by the npm script %s is typed so', (script, line) => {
    expect(explainCommand({ ...header, ...(script !== undefined && { script }) })).toBe(line);
  });

  it('is none where the scenario is a file, which no page is on', () => {
    expect(explainCommand({ ...header, argv: ['run', './saturate.yaml'] })).toBeUndefined();
  });
});

describe('the command that repeats a run', () => {
  it('has the run’s own arguments, quoted for a shell, and the seed that was drawn', () => {
    const argv = ['run', "./it's mine.yaml", '--single-pass'];
    expect(rerunCommand({ ...header, argv })).toBe(
      `tablefull run './it'\\''s mine.yaml' --single-pass --seed 7`,
    );
    expect(rerunCommand({ ...header, argv: ['run', 'boom', '--seed=3'] })).toBe(
      'tablefull run boom --seed=3',
    );
  });
});

describe('the command that repeats a run', () => {
  it.each([
    ['--out', 'artefacts/1', '--quiet'],
    ['--out=artefacts/1', '--quiet'],
    ['--quiet', '--out', 'artefacts/1'],
  ])('leaves out the folder, which holds this run by now: %s %s %s', (...words) => {
    expect(rerunCommand({ ...header, argv: ['run', 'saturate', ...words] })).toBe(
      'tablefull run saturate --quiet --seed 7',
    );
  });

  it.each([
    [undefined, 'tablefull run saturate --seed 7'],
    ['scenario', 'npm run scenario -- saturate --seed 7'],
    ['tablefull', 'npm run tablefull -- run saturate --seed 7'],
  ])('started by the npm script %s is typed so again', (script, line) => {
    expect(rerunCommand({ ...header, ...(script !== undefined && { script }) })).toBe(line);
  });
});
