/** The website of the documentation: the pages of this repository as they are, with an offline search. */
import { cpSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type DefaultTheme } from 'vitepress';

const ROOT = join(import.meta.dirname, '../../..');
/** A copy of the pages: what VitePress makes of them imports Vue from beside them. */
const PAGES = join(import.meta.dirname, '../pages');

rmSync(PAGES, { recursive: true, force: true });
for (const page of [...globSync('*.md', { cwd: ROOT }), 'docs'])
  cpSync(join(ROOT, page), join(PAGES, page), { recursive: true });

// Pages have no HTML here; the README's picture, for light and dark, is its light one.
const overview = join(PAGES, 'README.md');
writeFileSync(
  overview,
  readFileSync(overview, 'utf8').replace(
    /<a href="([^"]+)">\s*<picture>[^]*?src="([^"]+)"\s+alt="([^"]+)"[^]*?<\/a>/,
    '[![$3]($2)]($1)',
  ),
);

function titleOf(page: string): string {
  return /^# (.*)$/m.exec(readFileSync(join(ROOT, page), 'utf8'))?.[1] ?? page;
}

/** The pages of a folder, by title; its index comes first. */
function pagesOf(folder: string): DefaultTheme.SidebarItem[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ name, text: titleOf(`${folder}/${name}`) }))
    .toSorted(
      (a, b) => Number(b.name === 'README.md') - Number(a.name === 'README.md') || (a.text < b.text ? -1 : 1),
    )
    .map(({ name, text }) => ({ text, link: `/${folder}/${name.replace(/(README)?\.md$/, '')}` }));
}

function section(text: string, folder: string, collapsed = false): DefaultTheme.SidebarItem {
  return { text, items: pagesOf(folder), collapsed };
}

/** The name of a heading as GitHub makes it: the pages link to that. */
function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** Files that pages link to and that are no pages: copied beside them. */
const FILES = ['manifests', 'schemas', 'test/lab/fixtures'];
/** A page that links to LICENSE means this; a name without an ending would become a page’s. */
const LICENSE = 'LICENSE.txt';
const ICON =
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="%23c62f2f" d="M2 2h12v3H2zm0 4.5h12v3H2zM2 11h12v3H2z"/></svg>';

export default defineConfig({
  title: 'tablefull',
  description: 'Makes conntrack exhaustion happen on purpose, and proves which remedy cures it',
  srcDir: PAGES,
  // GitHub calls a folder's index README.
  rewrites: { 'README.md': 'index.md', ':folder(.*)/README.md': ':folder/index.md' },
  head: [['link', { rel: 'icon', href: ICON }]],
  ignoreDeadLinks: FILES.map((folder) => new RegExp(`/${folder}/`)),
  buildEnd: ({ outDir }) => {
    for (const folder of FILES) cpSync(join(ROOT, folder), join(outDir, folder), { recursive: true });
    cpSync(join(ROOT, 'LICENSE'), join(outDir, LICENSE));
  },
  markdown: {
    // Names in angle brackets are text, not components.
    html: false,
    anchor: { slugify },
    config: (md) => {
      md.core.ruler.push('index-links', ({ tokens }) => {
        for (const { children } of tokens)
          for (const token of children ?? []) {
            const href = token.attrGet('href');
            if (href !== null && !href.includes(':'))
              token.attrSet(
                'href',
                href
                  .replace(/(^|\/)README\.md(?=#|$)/, '$1index.md')
                  .replace(/(^|\/)LICENSE$/, `$1${LICENSE}`),
              );
          }
      });
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Documentation', link: '/docs/' },
      { text: 'Explained', link: '/docs/explanation/' },
      { text: 'Changelog', link: '/CHANGELOG' },
    ],
    sidebar: [
      {
        text: 'tablefull',
        items: [
          { text: 'Overview', link: '/' },
          { text: 'Documentation', link: '/docs/' },
        ],
      },
      section('Tutorial', 'docs/tutorial'),
      section('Workshop', 'docs/workshop'),
      section('How-to', 'docs/how-to'),
      section('Explanation', 'docs/explanation'),
      section('Reference', 'docs/reference', true),
      section('Scenarios', 'docs/explanation/scenarios', true),
      section('Remedies', 'docs/explanation/remedies', true),
      section('Counters', 'docs/explanation/counters', true),
      section('Decisions', 'docs/decisions', true),
      {
        text: 'Contributing',
        items: [
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'Style', link: '/docs/STYLE' },
          { text: 'Security', link: '/SECURITY' },
        ],
      },
    ],
  },
});
