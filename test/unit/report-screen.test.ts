import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { headerOf } from '../../src/judge/events.ts';
import { wrap, type Paint } from '../../src/report/layout.ts';
import { repeatCommand } from '../../src/report/repeat.ts';
import { verdictScreen } from '../../src/report/screen.ts';
import { HistoryBuilder, MET, UNMET } from './history-builder.ts';

const plain: Paint = (_, text) => text;
const history = new HistoryBuilder({ remedies: ['raise-max', 'be-liberal', 'placebo'] })
  .symptom()
  .with({
    type: 'change',
    cycle: 'raise-max',
    action: 'apply',
    change: { kind: 'limit', add: 1000 },
    found: '',
    readBack: '90000',
    emulated: true,
  })
  .remedy('raise-max', { ...MET, limits: [90_000, 90_000] }, UNMET)
  .remedy('be-liberal', { ...UNMET, answered: 150 })
  .with({ type: 'not-judged', cycle: 'placebo', status: 'skipped', reason: 'needs root' })
  .over();
const header = headerOf(history);
const verdict = judge(history, './runs/20260102-030405-saturate-ab12');
const screen = (columns: number, of = verdict) =>
  verdictScreen(of, { header, kernelLog: undefined }, columns, plain);

describe('the verdict on a screen', () => {
  it('shows the symptom, its figures, a remedy a row, where the run lies and how to repeat it', () => {
    expect(screen(80)).toMatchInlineSnapshot(`
      "saturate in netns, kernel 6.18.5, squeeze ballast

      symptom  reproduced ✓ as expected
        80 of 200 requests answered, (28) Connection timed out ×120; table full at
        1,000, drop +150

                         baseline  fault
      requests.answered       200     80
      requests.(28)             0    120
      drop.delta                0    150

      remedy      verdict  in flight  expected
      raise-max   cured    no-effect  ✓
        emulated: met; steady at 200 entries
      be-liberal  reduced  reduced    ✗
        expected no-effect; requests.failed.rate from 0.6 to 0.25, a factor of 2.4;
        150 of 200 requests answered, (28) Connection timed out ×50; table full at
        1,000, drop +150
      placebo     skipped  skipped    –
        needs root

      verdict  not as expected, after 8.8 s
      restore  complete
      run      ./runs/20260102-030405-saturate-ab12
      again    tablefull run saturate --seed 7
      "
    `);
  });

  it.each([60, 72, 80, 132])('is at most %i columns wide, and fits one screen', (columns) => {
    const lines = screen(columns).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.length).toBeLessThanOrEqual(30);
  });

  it('says first what was not restored, and the command that does', () => {
    const left = 'nf_conntrack_max is 1200, was 262144';
    const [first, second] = screen(80, { ...verdict, restore: { status: 'incomplete', left: [left] } }).split(
      '\n',
    );
    expect(first).toBe('NOT EVERYTHING WAS RESTORED. Run: tablefull restore');
    expect(second).toBe(`  ${left}`);
  });

  it('shows a figure that was not seen as a dash, never as 0', () => {
    const { figures } = verdict.symptom;
    const { 'drop.delta': _, ...rest } = figures;
    expect(screen(80, { ...verdict, symptom: { ...verdict.symptom, figures: rest } })).toMatch(
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

describe('the command that repeats a run', () => {
  it('has the run’s own arguments, quoted for a shell, and the seed that was drawn', () => {
    const argv = ['run', 'saturate', '--out', "it's here"];
    expect(repeatCommand({ ...header, argv })).toBe(`tablefull run saturate --out 'it'\\''s here' --seed 7`);
    expect(repeatCommand({ ...header, argv: ['run', 'boom', '--seed=3'] })).toBe(
      'tablefull run boom --seed=3',
    );
  });
});

describe('the command that repeats a run', () => {
  it.each([
    [undefined, 'tablefull run saturate --seed 7'],
    ['scenario', 'npm run scenario -- saturate --seed 7'],
    ['tablefull', 'npm run tablefull -- run saturate --seed 7'],
  ])('started by the npm script %s is typed so again', (script, line) => {
    expect(repeatCommand({ ...header, ...(script !== undefined && { script }) })).toBe(line);
  });
});
