import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellName, matrixSchema, type Cell } from '../../src/schema/matrix.ts';
import { command, scratch } from '../lab/command.ts';
import { CLUSTER, dockerMissing } from './cluster.ts';

const missing = await dockerMissing();

/** The scenarios whose nodes this cluster has. */
const SCENARIOS = [
  'saturate',
  'boom',
  'deplete',
  'reconnect-storm',
  'time-wait',
  'early-drop',
  'ghost-connections',
  'saturate-k6',
  'stale-headless-dns',
];

/** Different verdicts on a real cluster, with the reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'ghost-connections × symptom':
    'not-reproduced: kube-proxy itself deletes the UDP entries of a removed backend',
};

async function matrix(folder: string, ...lab: readonly string[]): Promise<ReadonlyMap<string, Cell>> {
  const only = ['--only', SCENARIOS.join(','), '--out', join(folder, lab.join('') || 'netns')];
  const args = ['matrix', '--quick', '--squeeze', 'ballast', '--seed', '1', '--json', ...only, ...lab];
  const { stdout } = await command(args, 'root');
  return new Map(matrixSchema.parse(JSON.parse(stdout)).cells.map((cell) => [cellName(cell), cell]));
}

describe.skipIf(missing !== undefined)(`both labs${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('both labs have the same verdicts, with the listed exceptions', async () => {
    using folder = scratch();
    const embedded = await matrix(folder.path);
    const kind = await matrix(folder.path, '--lab', 'kind', '--reuse', CLUSTER);
    // Some remedies exist only on a cluster.
    const shared = [...kind].filter(([name]) => embedded.has(name));
    const others = shared.flatMap(([name, { status, expected, reason }]) => {
      const there = embedded.get(name)?.status;
      // A quick matrix with parallel runs skips changes of the machine's limit: see decision 18.
      const wanted = DIFFERENCES[name]?.split(':')[0] ?? (there === 'skipped' ? expected : there);
      return status === 'skipped' || status === wanted
        ? []
        : [`${name}: ${status}, not ${String(wanted)} (${reason})`];
    });
    expect(others).toEqual([]);
    expect(shared.map(([name]) => name)).toEqual([...embedded.keys()]);
    for (const name of SCENARIOS) expect(kind.get(`${name} × symptom`)?.status).not.toBe('skipped');
  }, 1_200_000);
});
