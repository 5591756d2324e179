import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTo, isRoot, PEOPLE, scratch, untilTimeout, type As } from './command.ts';
import { note } from './reruns.ts';
import { copySources, ROOT } from './sources.ts';

const NOBODY = 65_534;
/** By the table of exit codes: inconclusive, or not run. */
const UNCLEAR = 2;

/** Each command of the README's shell blocks, without its comment. */
const LINES = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** Commands that are not run here, with the reason. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'make test': 'it runs the tests',
  'npm run scenario saturate -- --lab kind': 'the tests of kind run it',
};
/** What is added to a command that takes long. */
const SHORTER: Readonly<Record<string, string>> = { 'npm run matrix -- --quick': '--only boom' };
/** Exit codes other than 0. */
const CODES: Readonly<Record<string, Partial<Record<As, number>>>> = {
  // Its comment says: as root.
  'npm run scenario saturate -- --squeeze sysctl': { nobody: UNCLEAR },
};

/** What npm tells its children is not for a user who types. */
const OWN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

// The first one sets up what is missing, as on a fresh machine.
describe.each(PEOPLE)('each command of the README, in a fresh clone, as %s', (as) => {
  const clone = scratch();

  beforeAll(() => {
    copySources(clone.path);
    chmodSync(clone.path, 0o755);
    if (as === 'nobody' && isRoot)
      execFileSync('chown', ['-R', `${String(NOBODY)}:${String(NOBODY)}`, clone.path]);
  });

  afterAll(() => {
    clone[Symbol.dispose]();
  });

  const typed = async (line: string): Promise<{ code: number | undefined; said: string }> => {
    const [program = '', ...words] = [...dropTo(as), ...line.split(/ +/)];
    const { exitCode, all } = await execa(program, words, {
      ...{ cwd: clone.path, reject: false, all: true, stdin: 'ignore' },
      extendEnv: false,
      env: { ...OWN, HOME: clone.path, NO_COLOR: '1', npm_config_update_notifier: 'false' },
      ...untilTimeout(),
    });
    return { code: exitCode, said: all };
  };

  it.each(LINES.filter((line) => !(line in NOT_RUN)))('%s', async (line) => {
    const words = [line, SHORTER[line] ?? ''].join(' ').trim();
    const expected = CODES[line]?.[as] ?? 0;
    note('run');
    let { code, said } = await typed(words);
    if (code === UNCLEAR && expected !== UNCLEAR) {
      note('rerun');
      ({ code, said } = await typed(words));
    }
    expect([code, code === expected ? '' : said]).toEqual([expected, '']);
  });
});
