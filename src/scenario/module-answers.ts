import { z } from 'zod';
import { SQUEEZES } from '../change/squeezes.ts';
import { NoProtocol, paramValues, type Params, type Scenario } from './define.ts';
import type { Environment } from './environment.ts';
import { protocolSchema } from '../schema/protocol.ts';
import { combinations } from './loader.ts';

/**
 * All questions to a scenario's module at once. Its process ends with the answer, so that it never runs
 * beside a measurement.
 */
export interface Ask {
  readonly environments: readonly Environment[];
  /** Non-default parameters; absent: every combination. */
  readonly given?: Readonly<Record<string, string>>;
}

const paramsSchema = z.record(z.string(), z.string());

/** An environment as data; the module's process finds k6 itself. */
const environmentSchema = z.strictObject({
  kernel: z.tuple([z.number(), z.number()]),
  squeeze: z.enum(SQUEEZES),
  privileged: z.boolean(),
  realKubeProxy: z.boolean().optional(),
  kubeProxy: z.string().optional(),
  kubeProxies: z.record(z.string(), z.string()).optional(),
  nginx: z.string().optional(),
  k6: z.boolean(),
});
type EnvironmentData = z.infer<typeof environmentSchema>;

export const moduleRequestSchema = z.strictObject({
  path: z.string(),
  environments: z.array(environmentSchema),
  given: paramsSchema.optional(),
});
type ModuleRequest = z.infer<typeof moduleRequestSchema>;

const problemSchema = z.strictObject({ place: z.string(), why: z.string() });

const madeSchema = z.union([
  z.strictObject({ protocol: protocolSchema }),
  z.strictObject({ problems: z.array(problemSchema).min(1).readonly() }),
  z.strictObject({ why: z.string() }),
]);

/** Replies of the process: `loaded` after the module's code, then the answer; or `refused`. */
export const moduleReplySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('loaded'), place: z.string().optional() }),
  z.strictObject({ type: z.literal('refused'), lines: z.array(z.string()).min(1) }),
  z.strictObject({
    type: z.literal('answered'),
    name: z.string(),
    place: z.string().optional(),
    summary: z.string(),
    params: z.record(
      z.string(),
      z.strictObject({ values: z.tuple([z.string()], z.string()).readonly(), summary: z.string() }),
    ),
    matrix: z.tuple([paramsSchema], paramsSchema).readonly(),
    made: z.array(z.strictObject({ key: z.string(), what: madeSchema })),
  }),
]);
export type ModuleReply = z.infer<typeof moduleReplySchema>;
type Answered = Extract<ModuleReply, { type: 'answered' }>;

export function requestOf(path: string, { environments, given }: Ask): ModuleRequest {
  return { path, environments: environments.map(dataOf), ...(given && { given: { ...given } }) };
}

/** In the module's process: makes every requested protocol. */
export function answer(
  scenario: Scenario,
  { environments, given }: ModuleRequest,
  k6: NonNullable<Environment['k6']>,
): Answered {
  const { name, place, summary, params, matrix } = scenario;
  const all = given === undefined ? combinations(params) : [given];
  const made = all.flatMap((values) =>
    environments.map((data) => {
      const { k6: hasK6, ...rest } = data;
      const environment = { ...rest, ...(hasK6 && { k6 }) } as Environment;
      return { key: keyOf(params, values, data), what: make(scenario, values, environment) };
    }),
  );
  return {
    type: 'answered',
    name,
    ...(place !== undefined && { place }),
    summary,
    params,
    matrix,
    made,
  };
}

function make(
  scenario: Scenario,
  values: Readonly<Record<string, string>>,
  environment: Environment,
): Answered['made'][number]['what'] {
  try {
    const protocol = protocolSchema.safeParse(scenario.protocol(values, environment));
    return protocol.success ? { protocol: protocol.data } : { why: 'its protocol is invalid' };
  } catch (error) {
    if (error instanceof NoProtocol) return { problems: error.problems };
    return { why: error instanceof Error ? error.message : `it throws ${String(error)}` };
  }
}

/** A scenario made of the answers; it knows only what was asked for. */
export function answeredScenario({ name, place, summary, params, matrix, made }: Answered): Scenario {
  const answers = new Map(made.map(({ key, what }) => [key, what]));
  return {
    name,
    place,
    summary,
    params,
    matrix,
    protocol: (given, environment) => {
      const values = paramValues(name, params, given);
      const what = answers.get(keyOf(params, values, dataOf(environment)));
      if (what === undefined) throw new Error(`${name}: no protocol was made for these parameters`);
      if ('problems' in what) throw new NoProtocol(name, what.problems);
      if ('why' in what) throw new Error(what.why);
      return what.protocol;
    },
  };
}

function dataOf({ kernel: [major, minor], squeeze, privileged, ...rest }: Environment): EnvironmentData {
  const { realKubeProxy, kubeProxy, kubeProxies, nginx, k6 } = rest;
  return {
    kernel: [major, minor],
    squeeze,
    privileged,
    ...(realKubeProxy !== undefined && { realKubeProxy }),
    ...(kubeProxy !== undefined && { kubeProxy }),
    ...(kubeProxies !== undefined && { kubeProxies }),
    ...(nginx !== undefined && { nginx }),
    k6: k6 !== undefined,
  };
}

/** A key that is equal for a default given and a default left out. */
function keyOf(params: Params, given: Readonly<Record<string, string>>, data: EnvironmentData): string {
  const values = Object.entries(params).map(([key, param]) => given[key] ?? param.values[0]);
  const { kernel, squeeze, privileged, realKubeProxy = false, kubeProxy, kubeProxies, nginx, k6 } = data;
  const programs = [kubeProxy, kubeProxies, nginx, k6];
  return JSON.stringify([values, kernel, squeeze, privileged, realKubeProxy, ...programs]);
}
