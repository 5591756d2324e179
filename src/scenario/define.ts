import type { z } from 'zod';
import { canonical } from './canonical.ts';
import { equipped } from './k6.ts';
import { explainIssue, problemsFrom, type Problem } from './explain-issue.ts';
import { protocolSchema, type Protocol } from '../schema/protocol.ts';
import type { Environment } from './environment.ts';
import { OptionError } from '../util/option-error.ts';

/** One `--param`: its values, the default first. */
interface Param<V extends string = string> {
  readonly values: readonly [V, ...V[]];
  readonly summary: string;
}

export type Params = Readonly<Record<string, Param>>;
type ParamValues<P extends Params> = { readonly [K in keyof P]: P[K]['values'][number] };

interface ScenarioDefinition<P extends Params> {
  readonly name: string;
  readonly summary: string;
  readonly params: P;
  /**
   * The rows of the matrix, each with its non-default parameters. A quick matrix runs the first only. Others
   * are tried only with the remedies that the scenario names.
   */
  readonly matrix?: readonly [Partial<ParamValues<P>>, ...Partial<ParamValues<P>>[]];
  /** A pure function. */
  readonly protocol: (params: ParamValues<P>, environment: Environment) => z.input<typeof protocolSchema>;
}

/** The scenario's protocol is invalid. The message names the first problem. */
export class NoProtocol extends Error {
  readonly problems: readonly Problem[];

  constructor(scenario: string, problems: readonly Problem[]) {
    const [first] = problems;
    const place = first?.place ?? '';
    super(`scenario ${scenario}: ${place === '' ? 'protocol' : place}: ${first?.why ?? 'is not a protocol'}`);
    this.problems = problems;
  }
}

type MatrixRows = readonly [Readonly<Record<string, string>>, ...Readonly<Record<string, string>>[]];

/** A scenario that takes parameters from a command line. */
export interface Scenario {
  readonly name: string;
  /** Position of its declaration in the module, `:LINE:COLUMN`, if known. */
  readonly place?: string | undefined;
  readonly summary: string;
  readonly params: Params;
  /** The parameters of each row of the matrix; at least one row. */
  readonly matrix: MatrixRows;
  /** @throws Error naming the wrong parameter or place, and the fix */
  readonly protocol: (given: Readonly<Record<string, string>>, environment: Environment) => Protocol;
}

/**
 * Declares a scenario, with completion in editors and checks.
 *
 * @example
 * export default defineScenario({
 *   name: 'mine', summary: 'one line', params: {},
 *   protocol: () => ({ topology, node: 'worker-1', demand, fault, symptom, show: [], remedies: {} }),
 * });
 */
export function defineScenario<const P extends Params>(definition: ScenarioDefinition<P>): Scenario {
  const { name, summary, params, matrix = [{}] } = definition;
  return {
    name,
    place: callersPlace(),
    summary,
    params,
    matrix: matrix as MatrixRows,
    protocol: (given, environment) => {
      const values = paramValues(name, params, given) as ParamValues<P>;
      return protocolFrom(name, definition.protocol(values, environment), environment);
    },
  };
}

/**
 * The protocol of a scenario from what its author wrote.
 *
 * @param folder of its scripts, where it is a file's
 * @throws NoProtocol
 */
export function protocolFrom(
  name: string,
  written: unknown,
  environment: Environment,
  folder?: string,
): Protocol {
  const protocol = protocolSchema.safeParse(written, { error: explainIssue });
  if (!protocol.success) throw new NoProtocol(name, problemsFrom(protocol.error));
  const made = equipped(canonical(protocol.data), environment, folder);
  if ('problems' in made) throw new NoProtocol(name, made.problems);
  return made.protocol;
}

/** The position of the call of `defineScenario`: the third line of a stack, after the error and this module. */
function callersPlace(): string | undefined {
  const [, , , caller = ''] = (new Error().stack ?? '').split('\n');
  return /:\d+:\d+(?=\)?$)/.exec(caller)?.[0];
}

/** All parameters, with defaults for those not given. @throws OptionError */
export function paramValues(
  scenario: string,
  params: Params,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(given)) {
    const param = params[key];
    if (param === undefined) {
      const known = Object.keys(params).join(', ') || 'none';
      throw new OptionError(`--param ${key}`, `unknown parameter of ${scenario}; its parameters: ${known}`);
    }
    if (!param.values.includes(value))
      throw new OptionError(`--param ${key}=${value}`, `use ${param.values.join(' or ')}`);
  }
  return Object.fromEntries(
    Object.entries(params).map(([key, { values }]) => [key, given[key] ?? values[0]]),
  );
}
