import type { CellStatus } from '../schema/matrix.ts';

interface Look {
  readonly glyph: string;
  /** At most five letters, shown in wide cells. */
  readonly word: string;
  readonly colour: 'green' | 'cyan' | 'blue' | 'gray' | 'red' | 'yellow' | 'magenta';
}

/** Glyphs alone distinguish statuses; colour is an addition. */
export const LOOKS: Readonly<Record<CellStatus, Look>> = {
  reproduced: { glyph: '■', word: 'shown', colour: 'magenta' },
  'not-reproduced': { glyph: '□', word: 'clear', colour: 'gray' },
  cured: { glyph: '●', word: 'cured', colour: 'green' },
  postponed: { glyph: '◑', word: 'defer', colour: 'cyan' },
  reduced: { glyph: '◐', word: 'less', colour: 'cyan' },
  delayed: { glyph: '◔', word: 'later', colour: 'blue' },
  'no-effect': { glyph: '○', word: 'none', colour: 'gray' },
  worse: { glyph: '▲', word: 'worse', colour: 'red' },
  inconclusive: { glyph: '?', word: 'doubt', colour: 'yellow' },
  skipped: { glyph: '–', word: 'skip', colour: 'gray' },
};
