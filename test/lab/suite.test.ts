import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suiteSchema } from '../../src/schema/suite.ts';
import { scratch, start } from './command.ts';

const OURS = `name: ours
extends: boom
remedies: { placebo: no-effect }
`;
const FIX = `summary: ours
expected: cured
changes:
  - { kind: sysctl, node: all, name: net.netfilter.nf_conntrack_tcp_be_liberal, value: 1 }
`;
const SUITE = `version: 1
runs:
  - scenario: ./ours.yaml
    remedies:
      ./fixes/liberal.yaml: cured
      placebo: no-effect
    thresholds:
      baseline: [connections.failed.rate == 0]
      ./fixes/liberal.yaml: [connections.failed.rate == 0]
  - scenario: boom
    control: true
`;

it('a suite with a scenario and a remedy of one’s own holds on the real kernel, from any folder', async () => {
  using folder = scratch();
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder.path, name), text, { mode: 0o644 });
  };
  mkdirSync(join(folder.path, 'fixes'));
  write('ours.yaml', OURS);
  write('fixes/liberal.yaml', FIX);
  write('tablefull.yaml', SUITE);
  using elsewhere = scratch();
  const words = ['test', join(folder.path, 'tablefull.yaml'), '--out', 'out', '--retry-inconclusive', '1'];
  const { exitCode, stdout, stderr } = await start(words, 'nobody', elsewhere.path).process;
  expect([exitCode, stdout.split('\n')[0], /unexpected.*/.exec(stderr)]).toEqual([
    0,
    expect.stringContaining('PASSED') as string,
    null,
  ]);
  const text = readFileSync(join(elsewhere.path, 'out/suite.json'), 'utf8');
  const { runs } = suiteSchema.parse(JSON.parse(text));
  expect(runs.flatMap(({ results }) => results.map(({ name, line }) => [name, line]))).toEqual([
    ['symptom is reproduced', 3],
    ['liberal is cured', 5],
    ['placebo is no-effect', 6],
    ['baseline: connections.failed.rate == 0', 8],
    ['liberal: connections.failed.rate == 0', 9],
    ['symptom is not-reproduced', 10],
  ]);
});
