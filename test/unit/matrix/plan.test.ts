import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { cellName } from '../../../src/schema/matrix.ts';
import { planMatrix, type Job, type MatrixRequest } from '../../../src/matrix/plan.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { defineScenario, type Scenario } from '../../../src/scenario/define.ts';
import { TOY } from '../cli/cli.ts';

/** A scenario as it comes along, with remedies that stay what they are here. */
function named(
  name: string,
  remedies: readonly string[],
  ...rows: readonly Record<string, string>[]
): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name) ?? TOY;
  return {
    ...scenario,
    matrix: [{}, ...rows],
    protocol: (...given) => ({
      ...scenario.protocol(...given),
      remedies: Object.fromEntries(remedies.map((remedy) => [remedy, 'no-effect' as const])),
    }),
  };
}

const known = [
  named('saturate', ['raise-max', 'raise-buckets', 'be-liberal', 'keepalive', 'placebo'], { fill: 'held' }),
  named('boom', ['raise-max', 'be-liberal', 'drop-invalid', 'placebo'], { segment: 'below' }),
  named('dns-storm', ['ndots-2', 'placebo']),
];

function plan(change: Partial<MatrixRequest> = {}) {
  return planMatrix({
    scenarios: known,
    remedies: REMEDIES,
    environment: { kernel: [6, 18], squeeze: 'ballast', privileged: false },
    cannot: () => undefined,
    sideBySide: true,
    quick: false,
    only: [],
    done: () => false,
    ...change,
  });
}

const runs = ({ jobs }: ReturnType<typeof plan>): readonly string[] =>
  jobs
    .map(({ row, control, remedies }) =>
      [row.name, ...(control ? ['control'] : remedies.map(({ name }) => name))].join(' '),
    )
    .toSorted();

/** Few phases that last. */
const PATIENT: Scenario = { ...named('time-wait', ['placebo']), matrix: [{ table: 'real' }] };
const fills = ({ row, control }: Job): boolean => !control && row.protocol.fault.kind === 'squeeze';

describe('the plan of a matrix', () => {
  it('is the first row of each scenario, its control, and the remedies it names, where it is to be quick', () => {
    const { rows, names } = plan({ quick: true });
    expect(rows.map(({ name }) => name)).toEqual(['saturate', 'boom', 'dns-storm']);
    expect(names.filter((name) => name.startsWith('boom'))).toEqual([
      'boom × symptom',
      'boom × control',
      'boom × raise-max',
      'boom × be-liberal',
      'boom × drop-invalid',
      'boom × placebo',
    ]);
  });

  it('is every row otherwise, the first of each scenario with every remedy, in a run for them and one for its control', () => {
    const { rows, columns, names, jobs } = plan();
    expect(rows.map(({ name }) => name)).toContain('boom segment=below');
    expect(columns).toHaveLength(2 + REMEDIES.length);
    expect(names.filter((name) => name.startsWith('boom × '))).toHaveLength(columns.length);
    expect(names.filter((name) => name.startsWith('boom segment=below × '))).toHaveLength(2 + 4);
    expect(jobs).toHaveLength(2 * rows.length);
  });

  it('decides from its requirements what can’t apply, with the reason, and does not run it', () => {
    const { decided, jobs } = plan({ quick: true, only: ['saturate/raise-buckets', 'saturate/ndots-2'] });
    expect(decided.map((cell) => [cellName(cell), cell.status, cell.expected, cell.run])).toEqual([
      ['saturate × raise-buckets', 'skipped', 'no-effect', null],
      ['saturate × ndots-2', 'skipped', 'no-effect', null],
    ]);
    expect(decided[0]?.reason).toBe('needs root: the setting is machine-wide');
    expect(jobs.map(({ remedies }) => remedies)).toEqual([[]]);
  });

  it('leaves the machine’s limit to the others where it is to be quick, as root too', () => {
    const environment = { kernel: [6, 18], squeeze: 'ballast', privileged: true } as const;
    const limits = (quick: boolean, sideBySide = true) => {
      const { jobs, decided } = plan({ quick, sideBySide, environment, only: ['saturate', 'boom'] });
      const tried = jobs.flatMap(({ row, remedies }) =>
        row.first ? remedies.flatMap(({ changes }) => changes(row.protocol)) : [],
      );
      return [
        tried.filter(({ kind }) => kind === 'limit' || kind === 'buckets'),
        decided.filter(({ remedy }) => remedy.startsWith('raise-')).map(cellName),
      ];
    };
    expect(limits(true)).toEqual([
      [{ kind: 'limit', add: 3600, emulated: true }],
      ['saturate × raise-buckets', 'boom × raise-max'],
    ]);
    expect(limits(false)[0]).toEqual(
      expect.arrayContaining([
        { kind: 'limit', add: 3600 },
        { kind: 'buckets', times: 4 },
      ]),
    );
    // It has no lifetime to reckon with.
    expect(limits(false)[1]).toEqual(['boom × raise-max-for-good']);
    expect(limits(true, false)[1]).toEqual([]);
  });

  it('runs nothing of a scenario that can’t be shown here', () => {
    const here = TOY.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: false });
    const elsewhere = { ...TOY, protocol: () => ({ ...here, skip: 'needs a kube-proxy; make kube-proxy' }) };
    const { decided, jobs } = plan({ scenarios: [elsewhere], quick: true });
    expect(jobs).toEqual([]);
    expect(new Set(decided.map(({ status, reason }) => `${status}: ${reason}`))).toEqual(
      new Set(['skipped: needs a kube-proxy; make kube-proxy']),
    );
  });

  it('has the longest runs first: many phases, or few that last', () => {
    const ofBoom = plan({ only: ['boom'] }).jobs.map(({ remedies }) => remedies.length);
    expect(ofBoom).toEqual(ofBoom.toSorted((a, b) => b - a));
    const { jobs } = plan({ scenarios: [...known, PATIENT], quick: true });
    const [first] = jobs.filter((job) => !fills(job));
    expect(first?.row.name).toBe('time-wait table=real');
    expect(jobs.some((job) => !fills(job) && job.remedies.length > (first?.remedies.length ?? 0))).toBe(true);
  });

  it('has those that fill a table before all others, so that they are not beside those that change pods', () => {
    const { jobs } = plan({ scenarios: [PATIENT, ...known], quick: true });
    const full = jobs.map(fills);
    expect(full.filter(Boolean)).toHaveLength(2);
    expect(full).toEqual(full.toSorted((a, b) => Number(b) - Number(a)));
  });

  it('leaves out what is there already, and a run of which everything is', () => {
    const there = ['boom × symptom', 'boom × control', 'boom × be-liberal'];
    const left = plan({ quick: true, only: ['boom'], done: (cell) => there.includes(cellName(cell)) });
    expect(runs(left)).toEqual(['boom drop-invalid placebo']);
    expect(plan({ quick: true, only: ['boom'], done: () => true }).jobs).toEqual([]);
  });

  it('refuses a row with a parameter that its scenario does not have', () => {
    const wrong = defineScenario({
      ...TOY,
      params: { size: { values: ['s', 'm'], summary: 'how large' } },
      matrix: [{ size: 'xl' } as never],
      protocol: () => {
        throw new Error('is not reached');
      },
    });
    expect(() => plan({ scenarios: [wrong] })).toThrow('--param size=xl: use s or m');
  });
});

describe('--only', () => {
  it.each([
    [['boom'], ['boom be-liberal drop-invalid placebo', 'boom control']],
    [['boom', 'placebo'], ['boom placebo']],
    [['control'], ['boom', 'boom control', 'dns-storm', 'dns-storm control', 'saturate', 'saturate control']],
    [['symptom'], ['boom', 'dns-storm', 'saturate']],
    [['boom/placebo'], ['boom placebo']],
    [
      ['boom×placebo', 'saturate'],
      ['boom placebo', 'saturate be-liberal keepalive placebo raise-max', 'saturate control'],
    ],
    // One that is asked for by name is tried where the scenario does not name it.
    [['boom/keepalive', 'boom/shorter-timeouts'], ['boom shorter-timeouts']],
    [['boom segment=below/be-liberal'], ['boom be-liberal segment=below']],
  ])('%j', (only, expected) => {
    const sorted = runs(plan({ only, quick: true })).map((run) => {
      const [name = '', ...remedies] = run.split(' ');
      return [name, ...remedies.toSorted()].join(' ');
    });
    expect(sorted.toSorted()).toEqual(expected.toSorted());
  });

  it('names a row by its parameters', () => {
    expect(runs(plan({ only: ['boom segment=below/be-liberal'] }))).toEqual([
      'boom segment=below be-liberal',
    ]);
    expect(runs(plan({ quick: true, only: ['boom segment=below', 'placebo'] }))).toEqual([
      'boom segment=below placebo',
    ]);
  });

  it.each([
    [
      'what',
      /^--only what: unknown scenario or remedy what; use saturate, boom, dns-storm; symptom, control, raise-max/,
    ],
    ['boom/no-such', /^--only boom\/no-such: unknown remedy no-such; use /],
    ['bom', /^--only bom: unknown scenario or remedy bom; did you mean boom\?$/],
    ['bom/placebo', /^--only bom\/placebo: unknown scenario bom; did you mean boom\?$/],
  ])('refuses %s', (term, message) => {
    expect(() => plan({ only: [term] })).toThrow(message);
  });
});
