import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npmScript } from '../../../src/cli/npm/npm-script.ts';
import { asTyped, typed } from '../../../src/report/rerun.ts';
import { Cli, fakeLab, TOY } from './cli.ts';

describe('a command in a message', () => {
  it.each([
    [undefined, '`tablefull run boom --seed 1`', '`sudo tablefull restore`'],
    ['scenario', '`npm run scenario -- boom --seed 1`', '`sudo npm run tablefull -- restore`'],
    ['npx', '`npx tablefull run boom --seed 1`', '`sudo npx tablefull restore`'],
    ['tablefull', '`npm run tablefull -- run boom --seed 1`', '`sudo npm run tablefull -- restore`'],
  ])('is as its reader can type it (%s)', (script, run, restore) => {
    const texts = {
      run: '`tablefull run boom --seed 1`',
      left: ['x', '`sudo tablefull restore`'],
      n: [1, 2],
    };
    expect(asTyped(script, texts)).toEqual({ run, left: ['x', restore], n: [1, 2] });
  });

  it('is typed as through `npm run tablefull` where another script of ours was used', () => {
    expect(
      ['scenario', 'tablefull', 'matrix', 'claims', 'npx', 'test', undefined].map((script) =>
        npmScript(script === undefined ? {} : { npm_lifecycle_event: script }),
      ),
    ).toEqual(['scenario', 'tablefull', 'tablefull', 'tablefull', 'npx', undefined, undefined]);
  });

  it.each([
    ['/opt/tablefull', '/home/me', 'npm --prefix /opt/tablefull run'],
    ["/opt/it's mine", '/opt', String.raw`npm --prefix '/opt/it'\''s mine' run`],
    ['/opt/tablefull', '/opt/tablefull', 'npm run'],
    ['/opt/tablefull', '/opt/tablefull/docs/how-to', 'npm run'],
    ['/opt/tablefull', '/opt/tablefull-2', 'npm --prefix /opt/tablefull run'],
    ['/opt/tablefull', '/opt/tablefull/..docs', 'npm run'],
    ['/opt/tablefull', '', 'npm run'],
  ])('names the folder of npm’s package %s where it was called in %s', (folder, INIT_CWD, npm) => {
    const env = { INIT_CWD, npm_package_json: `${folder}/package.json` };
    const script = npmScript({ ...env, npm_lifecycle_event: 'tablefull' });
    expect(typed(script, ['run', 'mine.yaml', '--out', 'a b'])).toBe(
      `${npm} tablefull -- run mine.yaml --out 'a b'`,
    );
    expect(asTyped(script, '`sudo tablefull restore`')).toBe(`\`sudo ${npm} tablefull -- restore\``);
    const scenario = npmScript({ ...env, npm_lifecycle_event: 'scenario' });
    expect(typed(scenario, ['run', 'boom'])).toBe(`${npm} scenario -- boom`);
    expect(npmScript({ ...env, npm_lifecycle_event: 'npx' })).toBe('npx');
  });

  it('does not name a program that a clone does not have, where npm started it', async () => {
    using tablefull = new Cli({
      labs: [fakeLab()],
      scenarios: [TOY],
      env: { npm_lifecycle_event: 'tablefull' },
    });
    const file = (name: string, text: string): string => {
      writeFileSync(join(tablefull.folder, name), text);
      return join(tablefull.folder, name);
    };
    const suite = file('s.yaml', 'version: 1\nruns:\n  - { scenario: toy, remedies: { placebo: cured } }\n');
    const bad = file('bad.yaml', 'version: 1\nruns:\n  - scenario: tov\n  - scenario: tow\n');
    const out = join(tablefull.folder, 'out');
    for (const words of [
      ['run', 'tov'],
      ['run', './none.yaml'],
      ['validate', suite],
      ['validate', './none.yaml'],
      ['test', bad],
      ['test', 'none.yaml'],
      ['test', suite, '--out', out],
      ['run', 'toy', '--out', join(tablefull.folder, 'run'), '--keep-lab', '--remedy', 'none'],
      ['init', join(tablefull.folder, 'mine.yaml')],
      ['explain'],
      ['explain', 'raise-max'],
      ['explain', 'toyy'],
      ['shell', 'nowhere'],
      ['lab', 'down', 'none'],
      ['workshop'],
      ['workshop', '--seats', '3'],
      ['runs', tablefull.folder],
    ]) {
      setTimeout(
        () => tablefull.signals.emit('SIGINT', 'SIGINT'),
        words.includes('--keep-lab') ? 3000 : 0,
      ).unref();
      const { stdout, stderr } = await tablefull.run(...words);
      expect
        .soft(`${stdout}${stderr}`, words.join(' '))
        .not.toMatch(
          /(?<!npm run )\btablefull (run|list|init|validate|test|shell|explain|lab|workshop|restore)\b/,
        );
    }
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('npm run tablefull -- test ');
  });
});
