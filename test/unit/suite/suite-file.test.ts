import { describe, expect, it, test } from 'vitest';
import { NoScenario } from '../../../src/scenario/located.ts';
import { isSuite, suiteFromYaml } from '../../../src/suite/suite-file.ts';

function refusals(text: string): readonly string[] {
  try {
    suiteFromYaml(text, 's.yaml');
    return [];
  } catch (error) {
    if (error instanceof NoScenario) return error.lines;
    throw error;
  }
}

const RUN = 'version: 1\nruns:\n  - scenario: saturate\n';

describe('a suite file', () => {
  it('has runs, each with what must hold of it', () => {
    const text = `${RUN}    remedies: { keepalive: cured }\n    thresholds: { fault: ["drop.delta>0"] }\n`;
    expect(suiteFromYaml(text, 's.yaml').suite.runs).toEqual([
      {
        scenario: 'saturate',
        params: {},
        control: false,
        remedies: { keepalive: 'cured' },
        thresholds: { fault: ['drop.delta > 0'] },
      },
    ]);
    expect(isSuite(text)).toBe(true);
    expect(isSuite('name: mine\n')).toBe(false);
  });

  it('says on which line each of its parts is, also under a key with dots', () => {
    const { lineOf } = suiteFromYaml(`${RUN}    remedies:\n      ./our.fix.yaml: cured\n`, 's.yaml');
    expect(
      ['runs.0', 'runs.0.remedies', 'runs.0.remedies../our.fix.yaml'].map((place) => lineOf(place)),
    ).toEqual([3, 4, 5]);
  });

  test.each<[what: string, text: string, line: string]>([
    ['nothing', '', 's.yaml:1:1: it is empty; `tablefull init --ci github` writes an example'],
    ['no version', 'runs: [{ scenario: boom }]', 's.yaml:1:1: version: is missing; use 1'],
    ['no run', 'version: 1\nruns: []\n', 's.yaml:2:1: runs: is too short; give at least 1'],
    [
      'an unknown key',
      `${RUN}    remedys: x\n`,
      's.yaml:4:5: runs.0.remedys: unknown key "remedys"; did you mean remedies?',
    ],
    [
      'an unknown status',
      `${RUN}    remedies: { keepalive: curred }\n`,
      's.yaml:4:17: runs.0.remedies.keepalive: is "curred"; did you mean cured?',
    ],
    [
      'a threshold that is none',
      `${RUN}    thresholds: { fault: [drops are many] }\n`,
      's.yaml:4:27: runs.0.thresholds.fault.0: an expectation reads FIGURE > NUMBER, or FIGURE > 2 * OTHER.FIGURE',
    ],
    [
      'broken YAML',
      'runs: [',
      's.yaml:1:8: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('is refused in a line with its place and the fix: %s', (_, text, line) => {
    expect(refusals(text)).toEqual([line]);
  });
});
