import { wrapped } from '../../report/layout.ts';
import { FAULTS } from '../../fault/index.ts';
import { suggestion } from '../../util/nearest.ts';
import type { Scenario } from '../../scenario/define.ts';
import { environmentOf } from '../request/environment.ts';
import { UsageError } from '../exit-codes.ts';
import { typedHere } from '../npm/npm-script.ts';
import { print, printJson, type VerbContext } from '../verb-context.ts';
import { ownRemedies } from '../../remedy/own.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import type { Protocol } from '../../schema/protocol.ts';

/** `list`: the scenarios, a line each; with `--json` also parameters, remedies, faults and labs. */
export function listVerb(
  name: string | undefined,
  { json }: { readonly json: boolean },
  context: VerbContext,
): number {
  const document = {
    schema: 'tablefull/list/v1',
    labs: context.labs.map(({ name, summary }) => ({ name, summary })),
    scenarios: context.scenarios.map((scenario) => listed(scenario, context)),
    faults: FAULTS.map(({ name, summary }) => ({ name, summary })),
    remedies: context.remedies.map(({ name, summary, cost, requires }) => {
      return { name, summary, cost, requires: requires.map((each) => each.name) };
    }),
  };
  if (json) printJson(context, document);
  else if (name === undefined) print(context, overview(document, context));
  else print(context, details(scenarioNamed(name, context), context));
  return 0;
}

const WIDTH = 80;
/** The widest left cell of a table. */
const LEFT = 24;

type Listed = ReturnType<typeof listed>;

function protocolOf(scenario: Scenario, context: VerbContext): Protocol {
  return scenario.protocol({}, environmentOf('ballast', context));
}

function listed(scenario: Scenario, context: VerbContext) {
  const protocol = protocolOf(scenario, context);
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
function scenarioNamed(name: string, { scenarios }: VerbContext): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  const known = scenarios.map((each) => each.name);
  throw new UsageError(`unknown scenario ${name}; ${suggestion(name, known)}`);
}

function overview({ scenarios, remedies }: Document, context: VerbContext): string {
  const longest = Math.max(...scenarios.map(({ name }) => name.length));
  return [
    ...scenarios.map(({ name, summary }) => oneRow(name, summary, longest)),
    `run one: ${typedHere(context, 'run', 'NAME')}; its parameters and remedies: ${typedHere(context, 'list', 'NAME')}`,
    `${String(remedies.length)} remedies: ${typedHere(context, 'explain')}`,
  ].join('\n');
}

function details(scenario: Scenario, context: VerbContext): string {
  const { name, summary, params, remedies } = listed(scenario, context);
  const tried = [
    ...context.remedies.filter((remedy) => remedies.includes(remedy.name)),
    ...ownRemedies(protocolOf(scenario, context)),
  ];
  const needs = ({ requires }: Remedy): string =>
    requires.length === 0 ? '' : ` (needs ${requires.map(({ words }) => words).join(' and ')})`;
  return [
    wrapped(`${name}: ${summary}`, WIDTH),
    ...(params.length === 0 ? [] : ['parameters (the first value is the default)']),
    ...rows(params.map((param) => [`--param ${param.name}=${param.values.join('|')}`, param.summary])),
    'remedies that it tries; --remedy NAME tries one, also any other of `explain`',
    ...rows(tried.map((remedy) => [remedy.name, `${remedy.summary}${needs(remedy)}`])),
    `run it: ${typedHere(context, 'run', name)}`,
    `what it is: ${typedHere(context, 'explain', name)}`,
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
