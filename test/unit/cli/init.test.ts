import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioFileJsonSchema } from '../../../src/schema/scenario-file.ts';
import { Cli } from './cli.ts';

describe('init', () => {
  it.each(['mine.yaml', 'mine.yml', 'mine.ts', 'mine.mjs'])(
    'writes %s once, which is sound and can be run',
    async (name) => {
      using tablefull = new Cli();
      const file = join(tablefull.folder, name);
      const { code, stdout } = await tablefull.run('init', file);
      expect([code, stdout]).toEqual([
        0,
        `wrote ${file}; check it: \`tablefull validate ${file}\`; run it: \`tablefull run ${file}\`\n`,
      ]);
      const again = await tablefull.run('init', file);
      expect([again.code, again.stderr]).toEqual([
        64,
        `tablefull: ${file} exists already; use another name\n`,
      ]);
      if (!name.startsWith('mine.y')) return;
      expect((await tablefull.run('validate', file)).code).toBe(0);
      const dry = await tablefull.run('run', file, '--dry-run', '--remedy', 'short-time-wait');
      expect(dry.stdout).toContain('sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=5');
    },
  );

  it('leads an editor to the schema', async () => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, 'mine.yaml');
    await tablefull.run('init', file);
    const [, path = ''] = /\$schema=(\S+)/.exec(readFileSync(file, 'utf8')) ?? [];
    expect(JSON.parse(readFileSync(join(tablefull.folder, decodeURI(path)), 'utf8'))).toEqual(
      scenarioFileJsonSchema(),
    );
  });

  it.each([
    ['mine.json', 'mine.json: use a name that ends in .yaml, .yml, .ts, .mts, .js, .mjs'],
    [
      '/nowhere/mine.yaml',
      "can't write /nowhere/mine.yaml: no such file or directory (ENOENT); create its folder first",
    ],
  ])('refuses %s', async (file, line) => {
    using tablefull = new Cli();
    expect(await tablefull.run('init', file)).toEqual({
      code: 64,
      stdout: '',
      stderr: `tablefull: ${line}\n`,
    });
  });
});

it('prints the schema of a scenario, and of nothing that there is not', async () => {
  using tablefull = new Cli();
  expect(JSON.parse((await tablefull.run('schema', 'scenario')).stdout)).toEqual(scenarioFileJsonSchema());
  expect(await tablefull.run('schema', 'moon')).toMatchObject({ code: 64, stdout: '' });
});
