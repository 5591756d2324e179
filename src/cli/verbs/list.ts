import { FAULTS } from '../../fault/index.ts';
import type { Requirement } from '../../remedy/remedy.ts';
import { sayRequirement } from '../../remedy/requirement-words.ts';
import type { Scenario } from '../../scenario/define.ts';
import { environmentOf } from '../environment.ts';
import { print, printJson, type World } from '../world.ts';

/** `list`: scenarios with parameters and remedies, faults, remedies and labs. */
export function listVerb({ json }: { readonly json: boolean }, world: World): number {
  const document = {
    schema: 'tablefull/list/v1',
    labs: world.labs.map(({ name, summary }) => ({ name, summary })),
    scenarios: world.scenarios.map((scenario) => listed(scenario, world)),
    faults: FAULTS.map(({ name, summary }) => ({ name, summary })),
    remedies: world.remedies.map(({ name, summary, cost, requires }) => ({ name, summary, cost, requires })),
  };
  if (json) printJson(world, document);
  else print(world, text(document));
  return 0;
}

type Listed = ReturnType<typeof listed>;

function listed(scenario: Scenario, world: World) {
  const { remedies } = scenario.protocol({}, environmentOf('ballast', world));
  const params = Object.entries(scenario.params).map(([name, { values, summary }]) => {
    return { name, values, default: values[0], summary };
  });
  return { name: scenario.name, summary: scenario.summary, params, remedies: Object.keys(remedies) };
}

interface Named {
  readonly name: string;
  readonly summary: string;
}

interface Document {
  readonly labs: readonly Named[];
  readonly faults: readonly Named[];
  readonly scenarios: readonly Listed[];
  readonly remedies: readonly {
    readonly name: string;
    readonly summary: string;
    readonly requires: readonly Requirement[];
  }[];
}

function text({ labs, scenarios, faults, remedies }: Document): string {
  const requirement = (requires: readonly Requirement[]): string =>
    requires.length === 0 ? '' : ` (needs ${requires.map(sayRequirement).join(' and ')})`;
  const column =
    2 + Math.max(...[...labs, ...scenarios, ...faults, ...remedies].map(({ name }) => name.length));
  const row = (name: string, rest: string): string => `  ${name.padEnd(column)}${rest}`;
  return [
    'scenarios: tablefull run NAME, or npm run scenario NAME',
    ...scenarios.flatMap(({ name, summary, params, remedies: tried }) => [
      row(name, summary),
      ...params.map((param) => row('', `--param ${param.name}=${param.values.join('|')}: ${param.summary}`)),
      row('', `--remedy ${tried.join(',')}`),
    ]),
    'faults',
    ...faults.map(({ name, summary }) => row(name, summary)),
    'remedies',
    ...remedies.map(({ name, summary, requires }) => row(name, `${summary}${requirement(requires)}`)),
    'labs',
    ...labs.map(({ name, summary }) => row(name, summary)),
  ].join('\n');
}
