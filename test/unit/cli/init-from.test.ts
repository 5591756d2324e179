import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cli } from './cli.ts';

describe('init --from', () => {
  it('writes the whole protocol of a scenario with its parameters, which is sound', async () => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, 'ours.yaml');
    expect((await tablefull.run('init', file, '--from', 'saturate', '--param', 'fill=held')).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# saturate --param fill=held, written out for kernel \d+\.\d+, squeeze ballast/m);
    expect(text).toMatch(/^name: ours\n/m);
    expect(text).toMatch(/^ {2}hold: true\n/m);
    expect(await tablefull.run('validate', file)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['ours.yaml', '--from', 'satrate'], '--from satrate: unknown scenario; did you mean saturate?'],
    [['ours.yaml', '--from', 'saturate', '--param', 'fill=full'], '--param fill=full: use churn or held'],
    [['ours.ts', '--from', 'saturate'], 'ours.ts: --from writes YAML; use a name that ends in .yaml'],
    [['ours.yaml', '--param', 'fill=held'], '--param: name the scenario with --from'],
    [
      ['Ours.yaml', '--from', 'saturate'],
      'Ours.yaml: its name becomes the scenario’s: use lower case letters, digits and dashes, such as mine.yaml',
    ],
  ])('refuses %j in a line with the fix', async (words, line) => {
    using tablefull = new Cli();
    const [file = '', ...rest] = words;
    const { code, stderr } = await tablefull.run('init', join(tablefull.folder, file), ...rest);
    expect([code, stderr.replace(`${tablefull.folder}/`, '')]).toEqual([64, `tablefull: ${line}\n`]);
  });
});
