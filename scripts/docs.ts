/**
 * Generates the reference pages and JSON Schemas from the declarations in the code.
 *
 * Usage: npm run docs
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './docs/pages.ts';

for (const { path, text } of await generatedPages()) {
  writeFileSync(join(import.meta.dirname, '..', path), text);
  console.log(path);
}
