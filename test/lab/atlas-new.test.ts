import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS } from '../../scripts/new/kinds.ts';
import { scaffold } from '../../scripts/new/scaffold.ts';
import { copySources } from './sources.ts';

describe('a new scenario, remedy and load', () => {
  const tree = mkdtempSync(join(tmpdir(), 'tablefull-new-'));
  const NEW = { scenario: 'slow-start', remedy: 'slow-cure', load: 'slow-load' } as const;
  let written: readonly string[];

  const node = (...args: readonly string[]) =>
    execa(process.execPath, args, { cwd: tree, reject: false, all: true });
  const program = (name: string): string => join(tree, 'node_modules', name);

  beforeAll(async () => {
    copySources(tree);
    // The packages are found through vitest's own, also where node_modules is elsewhere.
    symlinkSync(
      dirname(dirname(findPackageJSON('vitest', import.meta.url) ?? '')),
      join(tree, 'node_modules'),
    );
    const all: string[] = [];
    for (const kind of ['scenario', 'remedy', 'load'] as const)
      all.push(...(await scaffold(KINDS[kind], NEW[kind], tree)).written);
    written = all;
  }, 120_000);

  afterAll(() => {
    rmSync(tree, { recursive: true });
  });

  it('are written with page, manifest and test, and registered', () => {
    expect(written).toEqual(
      expect.arrayContaining([
        ...Object.values(KINDS.scenario.files(NEW.scenario)),
        ...Object.values(KINDS.remedy.files(NEW.remedy)),
        ...Object.values(KINDS.load.files(NEW.load)),
        ...Object.values(KINDS).map(({ list }) => list.path),
      ]),
    );
  });

  it('pass the linter and the format', async () => {
    const code = written.filter((path) => path.endsWith('.ts'));
    const [lint, format] = await Promise.all([
      node(program('oxlint/bin/oxlint'), '--format=unix', ...code),
      node(program('prettier/bin/prettier.cjs'), '--check', ...written),
    ]);
    expect([lint.exitCode, lint.all]).toEqual([0, '']);
    expect([format.exitCode, format.all]).toEqual([0, expect.any(String)]);
  }, 120_000);

  it('pass the compiler', async () => {
    const { exitCode, all } = await node(program('@typescript/native/bin/tsc'), '-p', '.');
    expect([exitCode, all]).toEqual([0, '']);
  }, 120_000);

  it('pass their tests, and those on pages, manifests, lists and generated files', async () => {
    const { exitCode, all } = await node(
      program('vitest/vitest.mjs'),
      ...['run', '--project', 'unit', '--reporter', 'dot'],
      ...written.filter((path) => path.endsWith('.test.ts')),
      ...[
        'test/unit/cli/explain',
        'test/unit/docs/generated',
        'test/unit/scenario/shipped',
        'test/unit/loads',
      ],
    );
    expect([exitCode, exitCode === 0 ? '' : all]).toEqual([0, '']);
  }, 120_000);
});
