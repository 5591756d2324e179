import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** The Node that npm scripts find. */
const NODE = join(ROOT, 'node_modules/.bin/node');

function tablefull(...words: readonly string[]) {
  return execa(NODE, [join(ROOT, 'src/cli/main.ts'), ...words], {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env.PATH },
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tablefull-main-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['a syntax error', 'const ok = 1;\nconst = 2;', ':2:7: Unexpected token `=`'],
  ['TypeScript that Node can’t strip', '\nenum A { B }', ':2:1: TypeScript enum is not supported'],
  ['an error while it is loaded', `\n\nthrow new Error('no luck');`, ':3:7: no luck'],
  [
    'a parameter without values',
    `import { defineScenario } from 'tablefull';\nexport default defineScenario({ name: 'x', summary: 's', params: { a: { summary: 's' } }, protocol: 1 });`,
    ':2:16: params.a.values: is missing; give a list',
  ],
  ['nothing thrown', 'throw null', ':1:1: it throws null'],
])('a scenario with %s is refused with its file, line and column', async (_, text, line) => {
  const file = join(folder, 'mine.ts');
  writeFileSync(file, text);
  const { exitCode, stdout, stderr } = await tablefull('validate', file);
  expect([exitCode, stdout]).toEqual([64, '']);
  expect(stderr.split('\n').slice(0, 1)).toEqual([expect.stringContaining(`${file}${line}`)]);
});

it('a scenario imports the tablefull that runs it, wherever it lies', async () => {
  const file = join(folder, 'own.ts');
  expect((await tablefull('init', file)).exitCode).toBe(0);
  expect(await tablefull('validate', file)).toMatchObject({ exitCode: 0, stderr: '' });
});

it('goes on to its own exit code when nobody reads its output to the end', async () => {
  const program = tablefull('run', 'saturate', '--dry-run');
  program.stdout.destroy();
  const { exitCode, stderr } = await program;
  expect([exitCode, stderr]).toEqual([0, '']);
});

it('says in one line that its output can’t be written, and ends with exit code 2', async () => {
  for (const words of [['list'], ['list', '--json'], ['run', 'saturate', '--dry-run']]) {
    const program = [NODE, join(ROOT, 'src/cli/main.ts'), ...words];
    const { exitCode, stderr } = await execa('sh', ['-c', 'exec "$0" "$@" > /dev/full', ...program], {
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([
      2,
      'tablefull: can’t write to the standard output: no space left on device (ENOSPC); what it was to say is lost',
    ]);
  }
});

it('says which version it is', async () => {
  const { exitCode, stdout } = await tablefull('--version');
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});
