import { describe, expect, it } from 'vitest';
import { begin, type PlayState, type Shown } from '../../../src/play/state.ts';
import { offerLines, screenOf } from '../../../src/play/text.ts';

const ABOUT = { scenario: 'saturate', summary: 'new connections fill a table '.repeat(5), node: 'worker-1' };
const plain = (_: unknown, text: string): string => text;

const SHOWN: Shown = {
  number: 1,
  applied: ['be-liberal'],
  fresh: true,
  account:
    '1,200 of 1,800 requests answered, (28) Connection timed out ×600; table full at 262,144, drop +1,200',
  status: 'no-effect',
  reason:
    '1,200 of 1,800 requests answered, (28) Connection timed out ×600; table full at 262,144, drop +1,200',
};

function screen(state: Partial<PlayState>, columns = 80, rows = 24): readonly string[] {
  const choices = Array.from({ length: 12 }, (_, i) => ({
    name: `remedy-${String(i + 1)}`,
    summary: 'what it changes, in many words '.repeat(4),
  }));
  return screenOf({ ...begin(choices), ...state }, ABOUT, { columns, rows }, plain).split('\n');
}

describe('the screen of a lab to act in', () => {
  it.each([
    [80, 24],
    [60, 20],
    [120, 40],
  ])('fits into %d × %d with nine remedies and many results', (columns, rows) => {
    const lines = screen(
      {
        shown: Array.from({ length: 20 }, () => SHOWN),
        gauge: { entries: 262_144, limit: 262_144, drop: 12_345 },
        busy: 'the demand is offered '.repeat(9),
      },
      columns,
      rows,
    );
    // One line is left for the cursor.
    expect(lines.length).toBeLessThan(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
    expect(lines.at(-1)).toContain('q quit');
  });

  it('shows the table, what stands, and the last result', () => {
    const lines = screen({ shown: [SHOWN], gauge: { entries: 131_072, limit: 262_144, drop: 7 } });
    expect(lines[1]).toBe('worker-1 ████████████░░░░░░░░░░░░ 131,072 of 262,144 entries, drop 7');
    expect(lines.join('\n')).toContain('#1 be-liberal, on a fresh table: 1,200 of 1,800 requests answered');
  });
});

describe('the result of an offer', () => {
  it('has the judge’s word without repeating the account', () => {
    expect(offerLines(SHOWN, 200)).toEqual([
      `#1 be-liberal, on a fresh table: ${SHOWN.account}`,
      '   no-effect',
    ]);
  });

  it('says why nothing follows from it', () => {
    const lines = offerLines({ ...SHOWN, invalid: 'the lab was too slow' }, 200);
    expect(lines[1]).toBe('   nothing follows from it: the lab was too slow');
  });

  it('says what stood where there was no remedy, and that the table was used', () => {
    expect(offerLines({ ...SHOWN, applied: [], fresh: false }, 200)[0]).toContain(
      '#1 no remedy, on the table as it was: ',
    );
  });
});
