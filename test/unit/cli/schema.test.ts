import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { SCHEMA_NAMES } from '../../../src/cli/schema-names.ts';
import { Cli } from './cli.ts';

const FOLDER = join(import.meta.dirname, '../../../schemas');
const END = '.schema.json';
const FILES = globSync(`*${END}`, { cwd: FOLDER });

it('`schema` knows each published schema', () => {
  expect(SCHEMA_NAMES.toSorted()).toEqual(FILES.map((file) => basename(file, END)).toSorted());
});

it.each(FILES)('`schema` prints %s', async (file) => {
  using tablefull = new Cli();
  const { code, stdout } = await tablefull.run('schema', basename(file, END));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
});
