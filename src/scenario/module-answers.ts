import { z } from 'zod';
import { SQUEEZES } from '../change/squeezes.ts';
import { NoProtocol, paramValues, type Params, type Scenario } from './define.ts';
import type { Environment } from './environment.ts';
import { protocolSchema } from '../schema/protocol.ts';
import { combinations } from './loader.ts';

/**
 * What a scenario's module is asked, all at once: its process is ended with the answer, so that nothing of it runs
 * beside what is measured.
 */
export interface Ask {
  readonly environments: readonly Environment[];
  /** Parameters that are not the defaults; absent: every combination. */
  readonly given?: Readonly<Record<string, string>>;
}

const paramsSchema = z.record(z.string(), z.string());

/** An environment as data: where k6 is the module's process finds by itself. */
const environmentSchema = z.strictObject({
  kernel: z.tuple([z.number(), z.number()]),
  squeeze: z.enum(SQUEEZES),
  privileged: z.boolean(),
  realKubeProxy: z.boolean().optional(),
  kubeProxy: z.string().optional(),
  nginx: z.string().optional(),
  k6: z.boolean(),
});
type EnvironmentData = z.infer<typeof environmentSchema>;

export const moduleRequestSchema = z.strictObject({
  path: z.string(),
  environments: z.array(environmentSchema),
  given: paramsSchema.optional(),
});
export type ModuleRequest = z.infer<typeof moduleRequestSchema>;

const problemSchema = z.strictObject({ place: z.string(), why: z.string() });

const madeSchema = z.union([
  z.strictObject({ protocol: protocolSchema }),
  z.strictObject({ problems: z.array(problemSchema).min(1) }),
  z.strictObject({ why: z.string() }),
]);

/** What the process says: `loaded` once the module's own code is over, and then the answer; or why there is none. */
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
      z.strictObject({ values: z.tuple([z.string()], z.string()), summary: z.string() }),
    ),
    matrix: z.array(paramsSchema),
    made: z.array(z.strictObject({ key: z.string(), what: madeSchema })),
  }),
]);
export type ModuleReply = z.infer<typeof moduleReplySchema>;
type Answered = Extract<ModuleReply, { type: 'answered' }>;

export function requestOf(path: string, { environments, given }: Ask): ModuleRequest {
  return { path, environments: environments.map(dataOf), ...(given && { given: { ...given } }) };
}

/** Of the module's process: every protocol that was asked for. */
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
    params: Object.fromEntries(
      Object.entries(params).map(
        ([
          key,
          {
            values: [first, ...more],
            summary: of,
          },
        ]) => [key, { values: [first, ...more], summary: of }],
      ),
    ),
    matrix: matrix.map((row) => ({ ...row })),
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
    return protocol.success ? { protocol: protocol.data } : { why: 'what it makes is no protocol' };
  } catch (error) {
    if (error instanceof NoProtocol) return { problems: error.problems.map((problem) => ({ ...problem })) };
    return { why: error instanceof Error ? error.message : `it throws ${String(error)}` };
  }
}

/** The answers as a scenario: it knows what was asked for, and nothing else. */
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
      if (what === undefined) throw new Error(`${name} was not asked for these parameters here`);
      if ('problems' in what) throw new NoProtocol(name, what.problems);
      if ('why' in what) throw new Error(what.why);
      return what.protocol;
    },
  };
}

function dataOf({ kernel: [major, minor], squeeze, privileged, ...rest }: Environment): EnvironmentData {
  const { realKubeProxy, kubeProxy, nginx, k6 } = rest;
  return {
    kernel: [major, minor],
    squeeze,
    privileged,
    ...(realKubeProxy !== undefined && { realKubeProxy }),
    ...(kubeProxy !== undefined && { kubeProxy }),
    ...(nginx !== undefined && { nginx }),
    k6: k6 !== undefined,
  };
}

/** The same for a parameter that is given and one that has this default. */
function keyOf(params: Params, given: Readonly<Record<string, string>>, data: EnvironmentData): string {
  const values = Object.entries(params).map(
    ([
      key,
      {
        values: [first],
      },
    ]) => given[key] ?? first,
  );
  const { kernel, squeeze, privileged, realKubeProxy, kubeProxy, nginx, k6 } = data;
  return JSON.stringify([values, kernel, squeeze, privileged, realKubeProxy ?? false, kubeProxy, nginx, k6]);
}
