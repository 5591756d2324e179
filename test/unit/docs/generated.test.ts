import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedPages } from '../../../scripts/docs/pages.ts';

const PAGES = await generatedPages();

it.each(PAGES)('$path is what `npm run docs` generates', ({ path, text }) => {
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(text);
});
