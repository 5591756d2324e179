import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MAIN, scratch } from './command.ts';
import { runSteps, type Step } from './steps.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the workflow that `init --ci github` writes, with the packed package', () => {
  const folder = scratch();
  const repository = join(folder.path, 'repository');
  const suite = join(repository, 'tablefull.yaml');
  let steps: readonly Step[] = [];

  beforeAll(async () => {
    mkdirSync(repository);
    await execa('git', ['init', '--quiet'], { cwd: repository });
    const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder.path], {
      cwd: ROOT,
    });
    await execa(process.execPath, [MAIN, 'init', '--ci', 'github'], { cwd: repository });
    const text = readFileSync(join(repository, '.github/workflows/tablefull.yaml'), 'utf8');
    // The registry does not have the version under test.
    const packed = text.replace(/tablefull@[\d.]+/, join(folder.path, stdout.trim()));
    const { jobs } = parse(packed) as { jobs: { conntrack: { steps: Step[] } } };
    steps = jobs.conntrack.steps;
  }, 120_000);
  afterAll(() => {
    folder[Symbol.dispose]();
  });

  const job = (name: string) => {
    const temp = join(folder.path, name);
    mkdirSync(temp);
    const prefix = join(folder.path, 'global');
    const PATH = `${join(temp, 'bin')}:${join(prefix, 'bin')}:${process.env.PATH ?? ''}`;
    return runSteps({ steps, workspace: repository, temp, env: { npm_config_prefix: prefix, PATH } });
  };

  it('is green in a fresh repository, and red with a false expectation, on its line', async () => {
    const green = await job('green');
    expect(green.log).toMatch(/^PASSED tablefull\.yaml: 2 runs, \d+ results as expected/m);
    expect(green.ok).toBe(true);
    expect(green.summary).toContain('## ✅ PASSED tablefull.yaml');
    expect(green.uploaded).toHaveLength(1);

    // The false expectation alone: nothing else need be run again.
    const text = readFileSync(suite, 'utf8')
      .replace('keepalive: cured', 'keepalive: no-effect')
      .replace(/^ +(be-liberal|placebo): .*\n/gm, '')
      .replace(/\n {2}# Everything but[^]*$/, '');
    writeFileSync(suite, text);
    const line = text.split('\n').findIndex((each) => each.includes('keepalive: no-effect')) + 1;
    const red = await job('red');
    expect(red.ok).toBe(false);
    expect(red.log).toContain(
      `::error file=tablefull.yaml,line=${String(line)},title=saturate::keepalive cured, expected no-effect: `,
    );
    expect(red.summary).toContain('## ❌ FAILED tablefull.yaml');
    expect(red.uploaded).toHaveLength(1);
  });
});
