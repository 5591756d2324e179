import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TS_TEMPLATE } from '../../../src/scenario/templates.ts';

const ROOT = join(import.meta.dirname, '../../..');
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

it('refuses a scenario that throws with its file, line and column', async () => {
  const file = join(folder, 'mine.ts');
  writeFileSync(file, `\n\nthrow new Error('no luck');`);
  const { exitCode, stdout, stderr } = await tablefull('validate', file);
  expect([exitCode, stdout]).toEqual([64, '']);
  expect(stderr.split('\n')).toEqual([expect.stringContaining(`${file}:3:7: no luck`)]);
});

it('a scenario imports the tablefull that runs it, wherever it lies', async () => {
  const file = join(folder, 'own.ts');
  writeFileSync(file, TS_TEMPLATE);
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
      'tablefull: can’t write to stdout: no space left on device (ENOSPC); that output is lost',
    ]);
  }
});

it('says which version it is', async () => {
  const { exitCode, stdout } = await tablefull('--version');
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

describe('what is loaded at start', () => {
  /** Prints what has been loaded, a line each, when the process ends. */
  const HOOK = `data:text/javascript,
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.on('exit', () => { console.error(loaded.join('\\n')); });`;

  async function loaded(...words: readonly string[]): Promise<readonly string[]> {
    const args = ['--import', HOOK, join(ROOT, 'src/cli/main.ts'), ...words];
    const { exitCode, stderr } = await execa(NODE, args, {
      reject: false,
      extendEnv: false,
      env: { PATH: process.env.PATH },
    });
    expect(exitCode).toBe(0);
    const urls = stderr.split('\n').map((url) => url.replace(`file://${ROOT}/`, ''));
    expect(urls).toContain('src/cli/main.ts');
    return urls;
  }

  const LARGE = /node_modules\/(koffi|execa|yaml|xmlbuilder2|log-update|@kubernetes)\//;

  it('is no scenario, no lab and no large library for --version and --help', async () => {
    for (const words of ['--version', '--help']) {
      const urls = await loaded(words);
      expect(urls.filter((url) => LARGE.test(url) || url.includes('node_modules/zod/'))).toEqual([]);
      expect(urls.filter((url) => /^(scenarios|src\/(lab|load|kernel|judge|remedy))\//.test(url))).toEqual(
        [],
      );
    }
  });

  it('is every scenario for list, of loads their declarations, and of labs only their names', async () => {
    const urls = await loaded('list');
    expect(urls).toContain('scenarios/saturate.ts');
    expect(urls.filter((url) => LARGE.test(url))).toEqual([]);
    const declared =
      /^src\/load\/((index|define-load|curl|events|fields|outcome-words)|[^/]+\/(index|schema))\.ts$/;
    const programs = /^src\/(load|agent|judge|run\/run\.ts|lab\/netns\/(in|out)side)/;
    expect(urls.filter((url) => programs.test(url) && !declared.test(url))).toEqual([]);
  });

  it('is nothing of a lab that is not asked for', async () => {
    const urls = await loaded('run', 'boom', '--dry-run');
    expect(urls.filter((url) => url.includes('@kubernetes') || url.includes('open-kind-lab'))).toEqual([]);
  });
});
