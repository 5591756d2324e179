import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { problemsOf } from '../../../src/scenario/check.ts';
import { combinations } from '../../../src/scenario/loader.ts';
import { linesOn, NoScenario } from '../../../src/scenario/located.ts';
import { SQUEEZES } from '../../../src/change/squeezes.ts';
import { yamlTemplate } from '../../../src/scenario/templates.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';
import { ENVIRONMENT } from '../support/environment.ts';

const SOUND = yamlTemplate('x');
const KNOWN = REMEDIES.map(({ name }) => name);

/** What `validate` says of the template with one thing in it replaced. */
function refusals(from: string, to: string): readonly string[] {
  expect(SOUND).toContain(from);
  try {
    const { scenario, at } = scenarioFromYaml(SOUND.replace(from, to), 'mine.yaml');
    return linesOn('mine.yaml', at, problemsOf(scenario, [ENVIRONMENT], KNOWN));
  } catch (error) {
    if (error instanceof NoScenario) return error.lines;
    throw error;
  }
}

const STAGES = 'stages: [{ pods: 5, seconds: 0.5 }]';

describe('what no run can last, or no machine hold, is refused with its place and the fix', () => {
  it.each([
    [
      'a stage of decades',
      STAGES,
      'stages: [{ pods: 5, seconds: 1000000000 }]',
      'demand.stages.0.seconds: is 1000000000; give at most 3600',
    ],
    [
      'stages that last hours together',
      STAGES,
      'stages: [{ pods: 5, seconds: 3000 }, { pods: 5, seconds: 3000 }]',
      'demand.stages: last 100m together; give at most 1h',
    ],
    [
      'a billion requests',
      'requests: 200',
      'requests: 1000000000',
      'demand.requests: is 1000000000; give at most 10000000',
    ],
    [
      'a timeout of decades',
      'connectTimeout: 500ms',
      'connectTimeout: 1e9',
      'demand.connectTimeout: is 1000000000; give at most 3600',
    ],
    [
      'a timeout with a unit that there is not',
      'connectTimeout: 500ms',
      'connectTimeout: 2 weeks',
      'demand.connectTimeout: is not a duration; give 500ms, 1.5s or 2m, or a number of seconds',
    ],
    [
      'a million pods',
      'replicas: 5',
      'replicas: 1000000',
      'topology.pods.app.replicas: is 1000000; give at most 250',
    ],
    [
      'a stage of a million pods',
      STAGES,
      'stages: [{ pods: 1000000, seconds: 0.5 }]',
      'demand.stages.0.pods: is 1000000; give at most 25000',
    ],
    [
      'a squeeze that leaves more than the kernel can count',
      'free: 100',
      'free: 5000000000',
      'fault.free: is 5000000000; give at most 2147483647',
    ],
    [
      'an event after the longest phase',
      'symptom:\n',
      'events: [{ at: 1e9, change: { kind: flush, node: all } }]\nsymptom:\n',
      'events.0.at: is 1000000000; give at most 3600',
    ],
    [
      'canaries that speak once in years',
      'symptom:\n',
      'canaries: { kind: keepalive, pods: app, service: web, connections: 5, everyMs: 1e12 }\nsymptom:\n',
      'canaries.everyMs: is 1000000000000; give at most 3600000',
    ],
    [
      'a million connections that stay open',
      'symptom:\n',
      'canaries: { kind: keepalive, pods: app, service: web, connections: 1000000, everyMs: 100 }\nsymptom:\n',
      'canaries.connections: is 1000000; give at most 100000',
    ],
  ])('%s', (_, from, to, line) => {
    expect(refusals(from, to)).toEqual([expect.stringMatching(/^mine\.yaml:\d+:\d+: /)]);
    expect(refusals(from, to)[0]).toContain(line);
  });
});

describe('a name that stands for one thing', () => {
  it.each([
    [
      'a node',
      'nodes: [worker-1, worker-2]',
      'nodes: [worker-1, worker-2, worker-1]',
      'topology.nodes.2: worker-1 is a duplicate; remove one',
    ],
    [
      'a node of a set of pods',
      'app: { replicas: 5, nodes: [worker-1] }',
      'app: { replicas: 5, nodes: [worker-1, worker-1] }',
      'topology.pods.app.nodes.1: worker-1 is a duplicate; remove one',
    ],
    [
      'a node that is squeezed alike',
      'node: worker-1, free: 100',
      'node: worker-1, free: 100, alike: [worker-2, worker-2]',
      'fault.alike.1: worker-2 is a duplicate; remove one',
    ],
  ])('is there once: %s', (_, from, to, line) => {
    expect(refusals(from, to)).toEqual([expect.stringMatching(/^mine\.yaml:\d+:\d+: /)]);
    expect(refusals(from, to)[0]).toContain(line);
  });
});

it('every scenario that comes with tablefull keeps to these bounds, whatever its parameters', () => {
  for (const scenario of SCENARIOS)
    for (const params of combinations(scenario.params))
      for (const squeeze of SQUEEZES)
        expect(() => scenario.protocol(params, { ...ENVIRONMENT, squeeze, privileged: true })).not.toThrow();
});
