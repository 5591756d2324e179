import type { z } from 'zod';
import { canonical } from './canonical.ts';
import { equipped } from './k6.ts';
import { explainIssue, problemsFrom, type Problem } from './explain-issue.ts';
import { protocolSchema, type Protocol } from '../schema/protocol.ts';
import type { Environment } from './environment.ts';

/** One `--param`: the values it may take, the first being the default. */
export interface Param<V extends string = string> {
  readonly values: readonly [V, ...V[]];
  readonly summary: string;
}

export type Params = Readonly<Record<string, Param>>;
export type ParamValues<P extends Params> = { readonly [K in keyof P]: P[K]['values'][number] };

/** A scenario as it is written. */
export interface ScenarioDefinition<P extends Params> {
  readonly name: string;
  readonly summary: string;
  readonly params: P;
  /** The rows that it has in the matrix, by the parameters that are not the defaults; a quick one has the first only,
   * and the others are tried with the remedies that the scenario names. */
  readonly matrix?: readonly [Partial<ParamValues<P>>, ...Partial<ParamValues<P>>[]];
  /** A pure function from parameters to data. */
  readonly protocol: (params: ParamValues<P>, environment: Environment) => z.input<typeof protocolSchema>;
}

/** What a scenario makes of its parameters is no protocol. The message names the first thing that is wrong. */
export class NoProtocol extends Error {
  readonly problems: readonly Problem[];

  constructor(scenario: string, problems: readonly Problem[]) {
    const [first] = problems;
    const place = first?.place ?? '';
    super(`scenario ${scenario}: ${place === '' ? 'protocol' : place}: ${first?.why ?? 'is not a protocol'}`);
    this.problems = problems;
  }
}

/** A scenario as it is run: its parameters come from a command line. */
export interface Scenario {
  readonly name: string;
  /** Where in its module it is declared, `:LINE:COLUMN`, where that is known. */
  readonly place?: string | undefined;
  readonly summary: string;
  readonly params: Params;
  /** At least one: the parameters of each row of the matrix. */
  readonly matrix: readonly Readonly<Record<string, string>>[];
  /** @throws Error naming the parameter, or the place in the protocol, that is wrong, and the fix */
  readonly protocol: (given: Readonly<Record<string, string>>, environment: Environment) => Protocol;
}

/**
 * Declares a scenario; it exists so that an editor completes one, and so that what it says is checked.
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
    matrix: matrix as readonly Readonly<Record<string, string>>[],
    protocol: (given, environment) => {
      const values = paramValues(name, params, given) as ParamValues<P>;
      const protocol = protocolSchema.safeParse(definition.protocol(values, environment), {
        error: explainIssue,
      });
      if (!protocol.success) throw new NoProtocol(name, problemsFrom(protocol.error));
      const made = equipped(canonical(protocol.data), environment);
      if ('problems' in made) throw new NoProtocol(name, made.problems);
      return made.protocol;
    },
  };
}

/** Where the caller of `defineScenario` calls it: the third line of a stack, after the error's own and ours. */
function callersPlace(): string | undefined {
  const [, , , caller = ''] = (new Error().stack ?? '').split('\n');
  return /:\d+:\d+(?=\)?$)/.exec(caller)?.[0];
}

/** Every parameter's value: as given, or its default. */
export function paramValues(
  scenario: string,
  params: Params,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(given)) {
    const param = params[key];
    if (param === undefined) {
      const known = Object.keys(params).join(', ') || 'none';
      throw new Error(`--param ${key}: ${scenario} has no such parameter; it has: ${known}`);
    }
    if (!param.values.includes(value))
      throw new Error(`--param ${key}=${value}: use ${param.values.join(' or ')}`);
  }
  return Object.fromEntries(
    Object.entries(params).map(([key, { values }]) => [key, given[key] ?? values[0]]),
  );
}
