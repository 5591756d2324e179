import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/schema/matrix.ts';
import { heatMap, type Shown } from '../../../src/report/heat-map.ts';
import { matrixMarkdown } from '../../../src/report/matrix-markdown.ts';
import { cell, matrixOf } from '../matrix/story.ts';

const plain = (_: unknown, text: string): string => text;

const CELLS: readonly Cell[] = [
  cell('saturate', 'symptom', 'reproduced', { figures: { 'drop.delta': 1200, samples: 41 } }),
  cell('saturate', 'control', 'not-reproduced'),
  cell('saturate', 'raise-max', 'cured', { emulated: true }),
  cell('saturate', 'be-liberal', 'no-effect', { expected: 'cured', reason: 'table full, drop +1,200' }),
  cell('time-wait', 'symptom', 'reproduced', { compressed: 'time_wait 20 s, a factor of 6' }),
  cell('time-wait', 'raise-max', 'skipped', { run: null, reason: 'needs root' }),
  cell('time-wait', 'be-liberal', 'worse', { figures: { 'confirm.flows.failed.rate': 0.5 } }),
];
const shown: Shown = {
  rows: [
    { scenario: 'saturate', params: {} },
    { scenario: 'time-wait', params: {} },
  ],
  columns: ['symptom', 'control', 'raise-max', 'be-liberal'],
};

/** As many scenarios as there will be, with as many remedies. */
const MANY =
  'saturate boom dns-storm deplete reconnect-storm noisy-neighbour time-wait close-wait request-fanout dns-race ghost-connections stale-headless-dns rp-filter port-exhaustion hash-collisions early-drop kube-proxy-revert'
    .split(' ')
    .map((scenario) => ({ scenario, params: {} }));
const many = matrixOf(
  MANY.flatMap(({ scenario }) => [
    cell(scenario, 'symptom', 'reproduced'),
    cell(scenario, 'more-source-addresses', 'no-effect'),
  ]),
);
const wide: Shown = { rows: MANY, columns: ['symptom', 'more-source-addresses'] };

const longest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('the heat map', () => {
  it('has words where they fit, a legend of what occurs, and what was not as expected with its reason', () => {
    expect(heatMap(matrixOf(CELLS), shown, 80, plain)).toBe(
      `                    time-
           saturate wait
symptom    ■shown   ■shown ~
control    □clear   ·
raise-max  ●cured e –skip
be-liberal ○none !  ▲worse

■ reproduced 2  □ not-reproduced 1  ● cured 1  ○ no-effect 1  ▲ worse 1
– skipped 1
! not as expected; ~ a time was compressed; e emulated

saturate × be-liberal: no-effect, expected cured
  table full, drop +1,200`,
    );
  });

  it('numbers 17 scenarios at 80 columns and names them at 180', () => {
    const narrow = heatMap(many, wide, 80, plain);
    expect(narrow.split('\n').slice(0, 3)).toEqual([
      '                      1  2  3  4  5  6  7  8  9  10 11 12 13 14 15 16 17',
      'symptom               ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■  ■',
      'more-source-addresses ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○  ○',
    ]);
    expect(narrow).toContain('1 saturate, 2 boom, 3 dns-storm, ');
    const broad = heatMap(many, wide, 180, plain);
    expect(broad).toContain(`symptom               ${'■shown   '.repeat(17).trimEnd()}\n`);
    expect(broad).toContain('reconnec ');
  });

  it('is split where even that is too wide', () => {
    const map = heatMap(many, wide, 60, plain);
    expect(map).toContain('                      1  2  3  4  5  6  7  8  9  10 11 12\n');
    expect(map).toContain('                      13 14 15 16 17\n');
  });

  it.each([40, 60, 80, 100, 160, 400])('keeps to %d columns', (columns) => {
    expect(longest(heatMap(many, wide, columns, plain))).toBeLessThanOrEqual(columns);
  });

  it('says nothing by colour alone', () => {
    const coloured = heatMap(matrixOf(CELLS), shown, 80, (_, text) => `\u001B[31m${text}\u001B[39m`);
    expect(stripVTControlCharacters(coloured)).toBe(heatMap(matrixOf(CELLS), shown, 80, plain));
  });
});

describe('the matrix as Markdown', () => {
  const text = matrixMarkdown(matrixOf(CELLS), shown, () => ['drop.delta']);

  it('leads from each cell to its figures, and from there to its run', () => {
    expect(text).toContain(
      '| be-liberal | **[no-effect](#saturate-be-liberal)** | [worse](#time-wait-be-liberal)',
    );
    expect(text).toContain('[cured](#saturate-raise-max) e');
    expect(text).toContain('[reproduced](#time-wait-symptom) ~');
    expect(text).toMatch(
      /\| <a id="saturate-symptom"><\/a>the symptom +\| reproduced: for a reason +\| `drop.delta` 1,200 +\| \[saturate\]\(runs\/saturate\/\) +\|/,
    );
    expect(text).toMatch(/skipped: needs root +\| +\| not run/);
    expect(text).toContain('`confirm.flows.failed.rate` 0.5');
  });

  it('says what a remedy breaks, and which scenario shows it', () => {
    const breaks = { what: 'half of a path', shownBy: 'asymmetric-invalid' };
    const told = matrixMarkdown(matrixOf(CELLS), shown, () => [], [{ name: 'be-liberal', breaks }]);
    expect(told).toMatch(/^\| be-liberal .*\| half of a path: `asymmetric-invalid` +\|$/m);
    expect(text).not.toContain('half of a path');
  });

  it('has a link for each anchor and an anchor for each link', () => {
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name);
    const anchors = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, name]) => name);
    expect(new Set(links)).toEqual(new Set(anchors));
    expect(anchors).toHaveLength(CELLS.length);
  });
});
