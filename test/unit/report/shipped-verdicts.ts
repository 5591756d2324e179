import { readFileSync } from 'node:fs';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { CLAIMS_MATRICES } from '../../../src/cli/screen/pages.ts';
import type { Scenario } from '../../../src/scenario/define.ts';
import type { Extras } from '../../../src/run/reporter.ts';
import { matrixSchema, type Cell } from '../../../src/schema/matrix.ts';
import { protocolSchema } from '../../../src/schema/protocol.ts';
import type { Verdict } from '../../../src/schema/verdict.ts';

const CELLS = CLAIMS_MATRICES.flatMap(
  (path) => matrixSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).cells,
);

/** What a real matrix said of a cell, if the claims rest on it. */
function recorded(scenario: string, remedy: string): Cell | undefined {
  return CELLS.find(
    (cell) => cell.scenario === scenario && cell.remedy === remedy && Object.keys(cell.params).length === 0,
  );
}

/** As long as reasons are. */
const REASON =
  '1,200 of 1,800 requests answered, (28) Connection timed out ×600; table full at 262,144, drop +1,200';

/** A run of a shipped scenario with its own remedies in which everything was as expected. */
export function verdictOf(scenario: Scenario): { readonly verdict: Verdict; readonly extras: Extras } {
  const environment = {
    kernel: [6, 18],
    squeeze: 'ballast',
    privileged: true,
    nginx: '/usr/sbin/nginx',
    kubeProxy: '/usr/local/bin/kube-proxy',
    k6: () => '/usr/local/bin/k6',
  } as const;
  const { skip: _, ...protocol } = protocolSchema.parse(scenario.protocol({}, environment));
  const { symptom } = protocol;
  const remedies = Object.entries(protocol.remedies).map(([name, status]) => {
    const cell = recorded(scenario.name, name);
    const lasts: Record<string, number> = status === 'postponed' ? { lasts: 2.9 } : {};
    return {
      name,
      status,
      expected: status,
      inFlight: status === 'cured' ? ('no-effect' as const) : status,
      emulated: false,
      reason: cell?.reason ?? REASON,
      ...(protocol.why[name] !== undefined && { why: protocol.why[name] }),
      figures: { ...cell?.figures, ...lasts },
    };
  });
  const run = `runs/20261126-200202-${scenario.name}-bbb7`;
  const expected = symptom.expected === 'skipped' ? 'reproduced' : symptom.expected;
  const verdict: Verdict = {
    schema: 'tablefull/verdict/v1',
    scenario: scenario.name,
    lab: 'netns',
    kernel: '6.18.44-generic',
    squeeze: {
      kind: 'ballast',
      asked: { free: 1200 },
      got: { free: 1200, nf_conntrack_max: 262_144, nf_conntrack_buckets: 262_144 },
    },
    symptom: {
      status: expected,
      expected,
      reason: recorded(scenario.name, 'symptom')?.reason ?? REASON,
      figures: recorded(scenario.name, 'symptom')?.figures ?? { 'drop.delta': 1200 },
    },
    remedies,
    ...(protocol.compressed !== undefined && { compressed: protocol.compressed }),
    restore: { status: 'complete', left: [] },
    outcome: { headline: 'PASSED', exitCode: 0, summary: `${expected}; as expected` },
    asExpected: true,
    run,
    seconds: 61.3,
  };
  const names = remedies.map(({ name }) => name);
  const extras: Extras = {
    header: {
      type: 'run',
      t: 0,
      schema: 'tablefull/history/v1',
      scenario: scenario.name,
      params: {},
      protocol,
      control: false,
      singlePass: false,
      remedies: names,
      expect: {},
      lab: 'netns',
      squeeze: 'ballast',
      privileged: true,
      kernel: '6.18.44-generic',
      seed: 1_099_487_869,
      startedAt: '2026-11-26T20:02:02.000Z',
      argv: ['run', scenario.name],
      script: 'scenario',
      versions: {},
    },
    kernelLog: { lines: [], unattributed: [] },
  };
  return { verdict, extras };
}

export const SHIPPED = SCENARIOS.map((scenario) => ({ name: scenario.name, scenario }));
