import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { FORBIDDEN } from './forbidden-words.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Pages that quote the words they forbid, or that record their time. */
const EXEMPT = ['docs/STYLE.md', 'docs/reference/words-on-the-screen.md'];
const PAGES = globSync(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/**/*.md'], { cwd: ROOT }).filter(
  (page) => !EXEMPT.includes(page) && !page.startsWith('docs/decisions/'),
);
const MODULES = globSync(['src/**/*.ts', 'scenarios/*.ts', 'scripts/**/*.ts'], { cwd: ROOT });

/** A text with its line. */
interface Text {
  readonly line: number;
  readonly text: string;
}

/** The lines of a page, without inline code: that quotes names, and other programs. */
function linesOf(page: string): readonly Text[] {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  return lines.map((text, i) => ({ line: i + 1, text: text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, '…') }));
}

/** The texts in a module's code: string literals, and templates with … for what varies. */
function textsOf(module: string): readonly Text[] {
  const source = ts.createSourceFile(
    module,
    readFileSync(join(ROOT, module), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const texts: Text[] = [];
  const add = (node: ts.Node, text: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    texts.push({ line: line + 1, text: text.replaceAll(/`[^`]*`/g, '…') });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node, node.text);
    if (ts.isTemplateExpression(node))
      add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A text of one word is a name in the code.
  return texts.filter(({ text }) => text.includes(' '));
}

/** One line for each forbidden phrase: where, what, and what to write instead. */
function faults(file: string, texts: readonly Text[]): readonly string[] {
  return texts.flatMap(({ line, text }) =>
    FORBIDDEN.flatMap(({ phrase, instead }) => {
      const [found] = phrase.exec(text) ?? [];
      return found === undefined ? [] : [`${file}:${String(line)}: “${found}”: write ${instead}`];
    }),
  );
}

describe('plain English: no forbidden phrase', () => {
  it.each(PAGES)('is on the page %s', (page) => {
    expect(faults(page, linesOf(page))).toEqual([]);
  });

  it('is in a text of the code', () => {
    expect(MODULES.flatMap((module) => faults(module, textsOf(module)))).toEqual([]);
  });

  it('goes unnoticed, and each fault names what to write', () => {
    const texts = [{ line: 3, text: 'rises, a number a CPU' }];
    expect(faults('page.md', texts)).toEqual([
      'page.md:3: “a number a CPU”: write one … per …, as in “one line per CPU”',
    ]);
    expect(faults('page.md', [{ line: 1, text: 'there is no such file; … stands for a name' }])).toEqual([]);
  });
});
