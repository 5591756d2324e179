import { wrapped } from '../../report/layout.ts';
import { FAULTS } from '../../fault/index.ts';
import { suggestion } from '../../util/nearest.ts';
import type { Scenario } from '../../scenario/define.ts';
import { environmentOf } from '../environment.ts';
import { UsageError } from '../exit-codes.ts';
import { typedHere } from '../npm-script.ts';
import { print, printJson, type World } from '../world.ts';
import { ownRemedies } from '../../remedy/own.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import type { Protocol } from '../../schema/protocol.ts';

/** `list`: the scenarios, a line each; with `--json` also parameters, remedies, faults and labs. */
export function listVerb(
  name: string | undefined,
  { json }: { readonly json: boolean },
  world: World,
): number {
  const document = {
    schema: 'tablefull/list/v1',
    labs: world.labs.map(({ name, summary }) => ({ name, summary })),
    scenarios: world.scenarios.map((scenario) => listed(scenario, world)),
    faults: FAULTS.map(({ name, summary }) => ({ name, summary })),
    remedies: world.remedies.map(({ name, summary, cost, requires }) => {
      return { name, summary, cost, requires: requires.map((each) => each.name) };
    }),
  };
  if (json) printJson(world, document);
  else if (name === undefined) print(world, overview(document, world));
  else print(world, details(scenarioNamed(name, world), world));
  return 0;
}

const WIDTH = 80;
/** The widest left cell of a table. */
const LEFT = 24;

type Listed = ReturnType<typeof listed>;

function protocolOf(scenario: Scenario, world: World): Protocol {
  return scenario.protocol({}, environmentOf('ballast', world));
}

function listed(scenario: Scenario, world: World) {
  const protocol = protocolOf(scenario, world);
  const params = Object.entries(scenario.params).map(([name, { values, summary }]) => {
    return { name, values, default: values[0], summary };
  });
  return {
    name: scenario.name,
    summary: scenario.summary,
    params,
    remedies: Object.keys(protocol.remedies),
    ownRemedies: ownRemedies(protocol).map(({ name, summary }) => ({ name, summary })),
  };
}

interface Named {
  readonly name: string;
  readonly summary: string;
}

interface Document {
  readonly labs: readonly Named[];
  readonly faults: readonly Named[];
  readonly scenarios: readonly Listed[];
  readonly remedies: readonly Named[];
}

/** @throws UsageError naming the nearest one */
function scenarioNamed(name: string, { scenarios }: World): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  const known = scenarios.map((each) => each.name);
  throw new UsageError(`unknown scenario ${name}; ${suggestion(name, known)}`);
}

function overview({ scenarios, remedies }: Document, world: World): string {
  const longest = Math.max(...scenarios.map(({ name }) => name.length));
  return [
    ...scenarios.map(({ name, summary }) => oneRow(name, summary, longest)),
    `run one: ${typedHere(world, 'run', 'NAME')}; its parameters and remedies: ${typedHere(world, 'list', 'NAME')}`,
    `${String(remedies.length)} remedies: ${typedHere(world, 'explain')}`,
  ].join('\n');
}

function details(scenario: Scenario, world: World): string {
  const { name, summary, params, remedies } = listed(scenario, world);
  const tried = [
    ...world.remedies.filter((remedy) => remedies.includes(remedy.name)),
    ...ownRemedies(protocolOf(scenario, world)),
  ];
  const needs = ({ requires }: Remedy): string =>
    requires.length === 0 ? '' : ` (needs ${requires.map(({ words }) => words).join(' and ')})`;
  return [
    wrapped(`${name}: ${summary}`, WIDTH),
    ...(params.length === 0 ? [] : ['parameters (the first value is the default)']),
    ...rows(params.map((param) => [`--param ${param.name}=${param.values.join('|')}`, param.summary])),
    'remedies that it tries; --remedy NAME tries one, also any other of `explain`',
    ...rows(tried.map((remedy) => [remedy.name, `${remedy.summary}${needs(remedy)}`])),
    `run it: ${typedHere(world, 'run', name)}`,
    `what it is: ${typedHere(world, 'explain', name)}`,
  ].join('\n');
}

/** One line: the first clause of the summary, cut between words. */
function oneRow(name: string, summary: string, longest: number): string {
  const [clause = ''] = summary.split(/; |: /);
  const room = WIDTH - longest - 2;
  const cut = clause.length <= room ? clause : `${clause.slice(0, room - 2).replace(/ \S*$/, '')} …`;
  return `${name.padEnd(longest)}  ${cut}`;
}

/** Two columns, at most 80 wide. A long left cell has a line of its own. */
function rows(cells: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const left = 2 + Math.min(LEFT, Math.max(0, ...cells.map(([cell]) => cell.length)));
  return cells.flatMap(([cell, text]) => {
    const lines = wrapped(text, WIDTH - 2 - left).split('\n');
    const [first = '', ...rest] = cell.length > LEFT ? ['', ...lines] : lines;
    return [
      `  ${cell.padEnd(left)}${first}`.trimEnd(),
      ...rest.map((line) => `  ${' '.repeat(left)}${line}`),
    ];
  });
}
