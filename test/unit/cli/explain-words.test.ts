import { describe, expect, it, test } from 'vitest';
import saturate from '../../../scenarios/saturate.ts';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { symptomsPage } from '../../../src/cli/screen/pages.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { EFFECT_TITLES } from '../../../src/report/effects.ts';
import { HEADLINE_COLOURS } from '../../../src/report/headline.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES } from '../../../src/schema/protocol.ts';
import { STAGES } from '../../../src/schema/stages.ts';
import { SHIPPED, verdictOf } from '../report/shipped-verdicts.ts';
import { Cli } from './cli.ts';

const ENVIRONMENT = { kernel: [6, 18], squeeze: 'ballast', privileged: true } as const;

describe('explain', () => {
  it('answers for every word that a verdict of a shipped scenario prints', async () => {
    using tablefull = new Cli();
    const words = new Set<string>([
      ...REMEDY_STATUSES,
      ...SYMPTOM_STATUSES,
      ...STAGES,
      ...Object.values(EFFECT_TITLES),
      ...Object.keys(HEADLINE_COLOURS),
      ...['PROBLEM', 'fresh', 'live', 'expected', 'emulated', 'compressed', 'same', 'as expected'],
      ...['why', 'report', 'run', 'rerun', 'seed', 'kernel', 'figure', 'netns', 'kind'],
    ]);
    for (const { scenario } of SHIPPED) {
      const { verdict, extras } = verdictOf(scenario);
      const { show, symptom } = extras.header.protocol;
      for (const name of [...show, ...Object.keys(verdict.symptom.figures)]) words.add(name);
      for (const condition of symptom.when) words.add(condition.split(' ')[0] ?? '');
      for (const name of Object.keys(verdict.squeeze.got)) words.add(name);
      words.add(extras.header.protocol.fault.kind);
      for (const [, outcome = ''] of verdict.symptom.reason.matchAll(
        /(\(\d+\)|EAI_[A-Z]+|too late)(?= [A-Z×])/g,
      ))
        words.add(outcome);
    }
    for (const remedy of REMEDIES)
      for (const change of remedy.changes(
        saturate.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: true }),
      ))
        if (change.kind === 'sysctl') words.add(change.name);
    const unknown: string[] = [];
    for (const word of words) if ((await tablefull.run('explain', word)).code !== 0) unknown.push(word);
    expect(unknown).toEqual([]);
  });

  test.each([
    'service',
    'demand',
    'symptom',
    'figure',
    'expectation',
    'verdict',
    'harness',
    'watchdog',
    'suite',
  ])('knows the word %s of the documentation', async (word) => {
    using tablefull = new Cli();
    expect(await tablefull.run('explain', word)).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['table full', 'drop'],
    ['DROP', 'drop'],
    ['in-flight', 'live'],
    ['nf_conntrack_max', 'net.netfilter.nf_conntrack_max'],
    ['net.netfilter.nf_conntrack_tcp_timeout_time_wait', 'net.netfilter.nf_conntrack_tcp_timeout_time_wait'],
    ['timeouts', 'shorter-timeouts'],
    ['baseline.requests.p(95)', 'baseline.requests.p(95)'],
    ['worker-2.drop.delta', 'worker-2.drop.delta'],
  ])('knows %s as %s', async (asked, title) => {
    using tablefull = new Cli();
    expect((await tablefull.run('explain', ...asked.split(' '))).stdout).toMatch(`${title}\n\n`);
  });
});

describe('the table of symptoms', () => {
  const page = symptomsPage();
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| You see'))
    .map((line) => line.split('|').slice(1, -1));
  const named = (cell = ''): readonly string[] =>
    [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name);

  it('names every scenario that can be run by hand', () => {
    const there = new Set(rows.flatMap(([, , scenario]) => named(scenario)));
    const missing = SCENARIOS.map(({ name }) => name).filter(
      (name) => !there.has(name) && name !== 'saturate-k6',
    );
    expect(missing).toEqual([]);
  });

  it('names only fixes that a scenario of the row expects to help', () => {
    const helps = ['cured', 'postponed', 'reduced', 'delayed'];
    const wrong = rows.flatMap(([, , scenarios, fixes]) =>
      named(fixes).filter(
        (fix) =>
          !named(scenarios).some((name) => {
            const scenario = SCENARIOS.find((each) => each.name === name);
            const protocol = scenario?.protocol({}, ENVIRONMENT);
            return helps.includes(protocol?.remedies[fix] ?? protocol?.ownRemedies[fix]?.expected ?? '');
          }),
      ),
    );
    expect(rows.length).toBeGreaterThan(12);
    expect(wrong).toEqual([]);
  });

  it('is printed without a line wider than the terminal', async () => {
    using tablefull = new Cli();
    const { stdout } = await tablefull.run('explain', 'symptoms');
    expect(stdout).toContain('helps: keepalive');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
