import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { paramValues, type Scenario } from '../../../src/scenario/define.ts';

const PAGES = join(import.meta.dirname, '../../../docs/explanation/scenarios');
/** It has no effect anywhere, so that no page needs to say so. */
const PLACEBO = 'placebo';

/** The remedies that the rows of a scenario try, as root. */
function remediesOf(scenario: Scenario): readonly string[] {
  const named = scenario.matrix.flatMap((given) => {
    const params = paramValues(scenario.name, scenario.params, given);
    const environment = { kernel: [6, 18], squeeze: 'ballast', privileged: true } as const;
    const { remedies, ownRemedies } = scenario.protocol(params, environment);
    return [...Object.keys(remedies), ...Object.keys(ownRemedies)];
  });
  return [...new Set(named)].filter((name) => name !== PLACEBO);
}

const pageOf = ({ name }: Scenario): string => readFileSync(join(PAGES, `${name}.md`), 'utf8');

it.each(SCENARIOS)('the page of $name says what each of its parameters is for', (scenario) => {
  const page = pageOf(scenario);
  expect(Object.keys(scenario.params).filter((name) => !page.includes(`--param ${name}=`))).toEqual([]);
});

it.each(SCENARIOS)('the page of $name names every remedy that the scenario tries', (scenario) => {
  const page = pageOf(scenario);
  const words = new Set(page.match(/[\w-]+/g));
  expect(remediesOf(scenario).filter((name) => !words.has(name))).toEqual([]);
});
