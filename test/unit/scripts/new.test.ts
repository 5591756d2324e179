import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../scripts/new/kinds.ts';
import { registered, withRow } from '../../../scripts/new/lists.ts';
import { namesOf, whyNot } from '../../../scripts/new/names.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const CODE = "import { z } from 'zod';\nexport async function prepare(): Promise<void> {}\n";

describe('npm run new', () => {
  it.each([
    ['scenario', 'Slow', /^Slow: a name has lower case letters, digits and single dashes/],
    ['scenario', 'a'.repeat(41), /a name has at most 40 characters$/],
    ['scenario', 'delete', /^delete: delete is a word of JavaScript; use another name$/],
    ['remedy', 'await', /^await: await is a word of JavaScript; use another name$/],
    ['load', 'prepare', /^prepare: the code beside it has a prepare already; use another name$/],
    [
      'scenario',
      'drop',
      /^drop: docs\/explanation\/counters\/drop.md exists, and `tablefull explain` needs a/,
    ],
    ['remedy', 'saturate', /^saturate: docs\/explanation\/scenarios\/saturate.md exists/],
    ['remedy', 'own', /^src\/remedy\/own.ts exists already; use another name$/],
  ] as const)('refuses a %s of the name %s, in one line', (kind, name, why) => {
    expect(whyNot(KINDS[kind], name, ROOT, CODE)).toMatch(why);
  });

  it('takes a name that is only a word of the prose beside it', () => {
    expect(whyNot(KINDS.load, 'slow-start', ROOT, "// slowStart\nconst a = 'slowStart';")).toBeUndefined();
  });

  it('adds an import in the order of paths, and a line at the end of the list', () => {
    const list =
      "import type { A } from '../a.ts';\nimport b from './b.ts';\n\nexport const ALL = [\n  b,\n];\n";
    expect(registered(list, KINDS.scenario.list, namesOf('a-1'))).toBe(
      "import type { A } from '../a.ts';\nimport a1 from './a-1.ts';\nimport b from './b.ts';\n\nexport const ALL = [\n  b,\n  a1,\n];\n",
    );
    expect(registered('export const ALL = 1;\n', KINDS.scenario.list, namesOf('a'))).toBeUndefined();
  });

  it('adds a row to the table that has this first cell, and to no other', () => {
    const text = '| a | b |\n| - | - |\n| 1 | 2 |\n\nEnd\n';
    expect(withRow(text, 'a', ['3', '4'])).toBe('| a | b |\n| - | - |\n| 1 | 2 |\n| 3 | 4 |\n\nEnd\n');
    expect(withRow(text, 'b', ['3', '4'])).toBeUndefined();
  });
});
