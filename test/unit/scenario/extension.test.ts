import { describe, expect, it, test } from 'vitest';
import saturate from '../../../scenarios/saturate.ts';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { linesOn, NoScenario } from '../../../src/scenario/located.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';
import { ENVIRONMENT } from '../support/environment.ts';

const KNOWN = REMEDIES.map(({ name }) => name);

/** Each test’s file begins with these two lines. */
const HEAD = 'name: ours\nextends: saturate\n';

function protocolOf(text: string) {
  return scenarioFromYaml(`${HEAD}${text}`, 'ours.yaml', SCENARIOS).scenario.protocol({}, ENVIRONMENT);
}

function refusals(text: string): readonly string[] {
  try {
    const { scenario, at } = scenarioFromYaml(text, 'ours.yaml', SCENARIOS);
    return linesOn('ours.yaml', at, problemsOf(scenario, [ENVIRONMENT], KNOWN));
  } catch (error) {
    if (error instanceof NoScenario) return error.lines;
    throw error;
  }
}

describe('a scenario file that extends another', () => {
  it('has its protocol, summary and remedies where it says nothing else', () => {
    expect(protocolOf('')).toEqual(saturate.protocol({}, ENVIRONMENT));
    expect(scenarioFromYaml(HEAD, 'ours.yaml', SCENARIOS).scenario).toMatchObject({
      name: 'ours',
      summary: saturate.summary,
    });
  });

  it('takes the parameters of the other scenario', () => {
    expect(protocolOf('params: { fill: held }')).toEqual(saturate.protocol({ fill: 'held' }, ENVIRONMENT));
  });

  it('changes the demand, the table and the expectations key by key', () => {
    const { demand, fault, symptom, expectations, remedies } = protocolOf(`
demand: { requests: 900, connectTimeout: 2s }
fault: { free: 600 }
symptom: { expected: not-reproduced }
expectations: { baseline: [drop.delta == 0] }
remedies: { raise-max: cured, headless: }
`);
    const base = saturate.protocol({}, ENVIRONMENT);
    expect(demand).toEqual({ ...base.demand, requests: 900, connectTimeout: 2 });
    expect(fault).toEqual({ kind: 'squeeze', node: 'worker-1', free: 600 });
    expect(symptom).toEqual({ ...base.symptom, expected: 'not-reproduced' });
    expect(expectations).toEqual({ baseline: ['drop.delta == 0'] });
    const { headless: _, ...rest } = base.remedies;
    expect(remedies).toEqual({ ...rest, 'raise-max': 'cured' });
  });

  it('replaces lists, and whatever is of another kind', () => {
    const { demand, show } = protocolOf(`
demand: { kind: exchange, protocol: tcp, pods: canary, service: echo, clients: 5, everyMs: 100, seconds: 1, patience: 1s }
symptom: { when: [exchanges.failed.rate > 0.2], loss: exchanges.failed.rate }
show: [drop.delta]
`);
    expect(demand).not.toHaveProperty('stages');
    expect(show).toEqual(['drop.delta']);
  });

  test.each<[what: string, text: string, lines: readonly string[]]>([
    [
      'an unknown scenario',
      'name: ours\nextends: satrate\n',
      ['ours.yaml:2:1: extends: unknown scenario satrate; did you mean saturate?'],
    ],
    [
      'an unknown parameter',
      `${HEAD}params: { fil: held }\n`,
      ['ours.yaml:3:11: params.fil: unknown parameter of saturate; did you mean fill?'],
    ],
    [
      'an unknown value of a parameter',
      `${HEAD}params: { fill: full }\n`,
      ['ours.yaml:3:11: params.fill: is "full"; use churn or held'],
    ],
    [
      'an unknown key at the top',
      `${HEAD}demnad: { requests: 5 }\n`,
      ['ours.yaml:3:1: demnad: unknown key "demnad"; did you mean demand?'],
    ],
    [
      'an unknown key within',
      `${HEAD}demand: { request: 5 }\n`,
      ['ours.yaml:3:11: demand.request: unknown key "request"; did you mean requests?'],
    ],
    [
      'a key to remove that is not there',
      `${HEAD}remedies: { headles: }\n`,
      [
        'ours.yaml:3:13: remedies.headles: is empty, which removes it, but there is no headles; did you mean headless?',
      ],
    ],
    [
      'a consequence that the file does not name',
      `${HEAD}topology: { services: { echo: } }\n`,
      ['ours.yaml:2:1: canaries.service: unknown service echo; use web'],
    ],
  ])('is refused in a line with its place and the fix: %s', (_, text, lines) => {
    expect(refusals(text)).toEqual(lines);
  });
});
