import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { PAGE_KINDS } from '../../../src/cli/screen/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT });

/** Folders whose pages `tablefull explain` finds by name, or which have an index of their own. */
const INDEXED = PAGE_KINDS.map((kind) => `docs/explanation/${kind}`);
const OWN_INDEX = 'docs/decisions';

/** A page's text without code, in which brackets are no links. */
function prose(page: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '`…`');
}

/** Targets of a page's links to files, without those to other sites. */
function targets(page: string): readonly string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each(PAGES)('%s links to files and headings that exist', (page) => {
  const broken = targets(page).filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    // On the website a folder is its index.
    if (statSync(join(ROOT, file)).isDirectory()) return !existsSync(join(ROOT, file, 'README.md'));
    return anchor !== undefined && !anchors(file).includes(anchor);
  });
  expect(broken).toEqual([]);
});

it('every page of docs is in docs/README.md, or in the index of its folder', () => {
  const linked = (index: string): readonly string[] =>
    targets(index).map((target) => normalize(join(dirname(index), target.split('#')[0] ?? '')));
  const all = [...linked('docs/README.md'), ...linked(`${OWN_INDEX}/README.md`), 'docs/README.md'];
  const missing = PAGES.filter((page) => page.startsWith('docs/'))
    .filter((page) => !INDEXED.includes(dirname(page)))
    .filter((page) => !all.includes(page));
  expect(missing).toEqual([]);
});
