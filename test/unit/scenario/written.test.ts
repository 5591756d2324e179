import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { combinations } from '../../../src/scenario/loader.ts';
import { writtenScenario } from '../../../src/scenario/written.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';

const ENVIRONMENTS = [true, false].map((realKubeProxy) => ({
  kernel: [6, 18] as const,
  squeeze: 'ballast' as const,
  privileged: true,
  realKubeProxy,
  k6: () => '/opt/k6',
}));

describe.each(SCENARIOS)('$name', (scenario) => {
  it.each(combinations(scenario.params))('written and read again is the same protocol with %o', (params) => {
    for (const environment of ENVIRONMENTS) {
      const { name, summary } = scenario;
      const protocol = scenario.protocol(params, environment);
      const common = {
        name,
        summary,
        from: name,
        environment,
        folder: '/somewhere/else',
        schema: './s.json',
      };
      const text = writtenScenario({ ...common, protocol });
      const { scenario: read } = scenarioFromYaml(text, '/somewhere/else/mine.yaml');
      expect(read).toMatchObject({ name, summary });
      expect(read.protocol({}, environment)).toEqual(protocol);
    }
  });
});
