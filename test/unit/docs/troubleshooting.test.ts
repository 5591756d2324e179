import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(ROOT, 'src', path), 'utf8'));

const PAGE = readFileSync(join(ROOT, 'docs/how-to/troubleshooting.md'), 'utf8');
const MESSAGES = PAGE.split('\n').flatMap((line) =>
  line.startsWith('### ') ? [...line.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message) : [],
);

it('the page on troubleshooting explains some twenty messages', () => {
  expect(MESSAGES.length).toBeGreaterThan(20);
});

it.each(MESSAGES)('`%s` is a message of the code', (message) => {
  // … stands for what varies.
  const fixed = message.split('…').map((part) => part.trim());
  expect(SOURCES.some((text) => fixed.every((part) => text.includes(part)))).toBe(true);
});
