import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findK6 } from '../../src/toolchain/k6.ts';
import { findProgram } from '../../src/toolchain/programs.ts';
import { ACCOUNTED } from './accounted.ts';
import { command, PEOPLE, scratch, statuses, verdict } from './command.ts';

const program = findK6(process.env);
const needs = program === undefined ? ' (skipped: needs k6; make k6)' : '';
const go = findProgram('go', `${process.env.PATH ?? ''}:/usr/local/go/bin`);
const needsGo = go === undefined ? ' (skipped: needs Go)' : '';
const pathTo = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** A cold build gets some 300 modules and compiles them. */
const BUILD_MS = 600_000;

describe.skipIf(program === undefined)(`saturate-k6${needs}`, () => {
  // Nobody else can read the cache of the user who runs the tests.
  const folder = scratch();
  beforeAll(() => {
    const copy = join(folder.path, 'k6');
    copyFileSync(program ?? '', copy);
    chmodSync(copy, 0o755);
    process.env.TABLEFULL_K6 = copy;
  });
  afterAll(() => {
    delete process.env.TABLEFULL_K6;
    folder[Symbol.dispose]();
  });

  it('saturate-k6 is cured by keep-alive and by room, and by nothing else', async () => {
    const { code, verdict: seen } = await verdict(['saturate-k6']);
    expect(seen.symptom).toMatchObject({
      status: 'reproduced',
      figures: {
        'requests.offered': 2500,
        'baseline.requests.answered': 2500,
        'baseline.threshold.http_req_failed': 1,
        'threshold.http_req_failed': 0,
        'insert_failed.delta': 0,
        'early_drop.delta': 0,
        'canaries.failed': 0,
        conservation: ACCOUNTED,
      },
    });
    const { figures } = seen.symptom;
    // As many as there was room for; the kernel's collector may have made up to 100 more, or the phase is retried.
    expect(figures['requests.answered']).toBeGreaterThanOrEqual(1195);
    expect(figures['requests.answered']).toBeLessThanOrEqual(1300);
    expect(figures['requests.outcome[(28)]']).toBe(2500 - (figures['requests.answered'] ?? 0));
    expect(figures['checks.rate']).toBeCloseTo((figures['requests.answered'] ?? 0) / 2500, 6);
    expect(statuses(seen)).toEqual({
      keepalive: 'cured',
      'raise-max': 'postponed',
      'raise-max-for-good': 'cured',
      'be-liberal': 'no-effect',
      placebo: 'no-effect',
    });
    expect([code, seen.restore.status]).toEqual([0, 'complete']);
  });

  it.each(PEOPLE)('saturate-k6 shows no symptom without the fault, as %s', async (as) => {
    const { code, verdict: seen } = await verdict(['saturate-k6', '--control', '--remedy', 'none'], as);
    expect([code, seen.symptom.status]).toEqual([0, 'not-reproduced']);
    expect(seen.symptom.figures).toMatchObject({ 'requests.answered': 2500, 'checks.rate': 1 });
  });
});

it('is skipped with the fix where there is no k6', async () => {
  process.env.TABLEFULL_K6 = '/nowhere';
  try {
    const { code, stdout } = await command(['run', 'saturate-k6', '--quiet']);
    expect([code, stdout]).toEqual([2, expect.stringContaining('make k6')]);
  } finally {
    delete process.env.TABLEFULL_K6;
  }
});

describe.skipIf(go === undefined)(`a script with an extension of k6${needsGo}`, () => {
  it(
    'a script with an extension runs in a k6 with that extension built in, and several pods share its load',
    async () => {
      const scenario = pathTo('fixtures/greeting.yaml');
      const built = await execa(process.execPath, [pathTo('../../scripts/k6.ts'), scenario], {
        reject: false,
      });
      expect([built.exitCode, built.stderr]).toEqual([0, expect.stringContaining('k6/x/greeting')]);
      const { code, verdict: seen } = await verdict([scenario], 'root');
      expect(seen.symptom).toMatchObject({
        status: 'reproduced',
        figures: { 'requests.offered': 100, 'requests.answered': 50, 'checks.rate': 1 },
      });
      expect([code, statuses(seen)]).toEqual([0, { keepalive: 'cured' }]);
    },
    BUILD_MS,
  );
});
