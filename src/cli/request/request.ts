import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LabEntry } from '../../lab/entry.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import type { RunRequest } from '../../run/execute.ts';
import { keepsItsRate, slowestPace } from '../../run/pace.ts';
import { loadLocated } from '../../scenario/load-scenario.ts';
import { soundProtocol } from '../../scenario/check.ts';
import { paramValues } from '../../scenario/define.ts';
import type { Squeeze } from '../../change/squeezes.ts';
import { isPath } from '../../scenario/loader.ts';
import { linesOn, NoScenario, type Located } from '../../scenario/located.ts';
import type { Ask } from '../../scenario/module-answers.ts';
import { REMEDY_STATUSES, SYMPTOM_STATUSES, type Protocol } from '../../schema/protocol.ts';
import { suggestion } from '../../util/nearest.ts';
import { npmScript } from '../npm/npm-script.ts';
import { broughtBy, moduleRefused, refuseBrought } from './brought-programs.ts';
import { bothPrivileges, environmentOf } from './environment.ts';
import { givenRemedies } from './given-remedies.ts';
import type { ReporterOption } from '../screen/github.ts';
import type { SharedOptions } from '../options/shared-options.ts';
import { refuse, usage, UsageError } from '../exit-codes.ts';
import { toStderr, type VerbContext } from '../verb-context.ts';
import { explain, oneLine } from '../../util/error-text.ts';
import { OptionError } from '../../util/option-error.ts';

/** The options of `run`, as commander gives them. */
export interface RunOptions extends ReporterOption, SharedOptions {
  readonly reuse?: string;
  readonly kindConfig?: string;
  readonly squeeze?: Squeeze;
  readonly remedy?: readonly string[];
  readonly expect: Readonly<Record<string, string>>;
  readonly param: Readonly<Record<string, string>>;
  readonly control: boolean;
  readonly singlePass: boolean;
  /** The old name of `--single-pass` was used. */
  readonly brief?: boolean;
  readonly pace?: number;
  readonly repeat?: number;
  readonly baseline?: string;
  readonly figures: boolean;
  /** Ask for predictions before the run. */
  readonly hideExpected?: boolean;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly keepLab: boolean;
  /** Show the run in a browser. */
  readonly ui: boolean;
}

/** The options that a request is made from. */
type Requested = Pick<
  RunOptions,
  | 'remedy'
  | 'expect'
  | 'param'
  | 'control'
  | 'singlePass'
  | 'seed'
  | 'pace'
  | 'wait'
  | 'out'
  | 'keepLab'
  | 'commands'
>;

/** Upper bound of drawn seeds. */
export const SEEDS = 2 ** 31;

/** @throws OptionError */
export function labFor(named: string | undefined, { labs, env }: VerbContext, reuse?: string): LabEntry {
  const [standard] = labs;
  const wished = env.TABLEFULL_LAB === '' ? undefined : env.TABLEFULL_LAB;
  const name = named ?? wished ?? standard.name;
  const lab = labs.find((each) => each.name === name);
  if (lab !== undefined && reuse !== undefined) {
    if (lab.reusing === undefined)
      throw new OptionError(`--reuse ${reuse}`, `the lab ${name} has no clusters; use --lab kind`);
    return lab.reusing(reuse);
  }
  if (lab) return lab;
  const names = labs.map((each) => each.name).join(', ');
  const typed = named === undefined ? `TABLEFULL_LAB=${name}` : `--lab ${name}`;
  throw new OptionError(typed, `unknown lab; use ${names}`);
}

/** @throws OptionError where the lab has no clusters; UsageError where the file is no configuration of one */
export async function shaped(lab: LabEntry, file: string | undefined): Promise<LabEntry> {
  if (file === undefined) return lab;
  if (lab.shaped === undefined)
    throw new OptionError(`--kind-config ${file}`, `the lab ${lab.name} has no clusters; use --lab kind`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`--kind-config ${file}`, `${explain(error)}; name an existing file`, {
      cause: error,
    });
  }
  return lab.shaped(text, file).catch((error: unknown) => {
    throw new UsageError(`--kind-config ${oneLine(error)}`, { cause: error });
  });
}

/** Finds a scenario by name or file, with a function from places to file positions. @throws UsageError */
export async function locatedFor(named: string, ask: Ask, context: VerbContext): Promise<Located> {
  const { scenarios } = context;
  const known = scenarios.find(({ name }) => name === named);
  if (known) return { scenario: known, at: () => '' };
  if (isPath(named)) return loadLocated(named, ask, { scenarios, say: toStderr(context) }).catch(refuse);
  const names = scenarios.map(({ name }) => name);
  throw new UsageError(
    `unknown scenario ${named}; ${suggestion(named, names)} (\`tablefull list\` shows all; a file is named as in ./mine.yaml)`,
  );
}

/**
 * The run request of the arguments of `run`, checked against the scenario and the registries.
 *
 * @throws UsageError in one line with the fix
 */
export async function requestFrom(
  named: string,
  options: Requested & { readonly squeeze: Squeeze; readonly realKubeProxy: boolean },
  argv: readonly string[],
  context: VerbContext,
): Promise<RunRequest> {
  const { squeeze, control, singlePass, expect, out, keepLab } = options;
  const environment = environmentOf(squeeze, context, options.realKubeProxy);
  const environments = bothPrivileges(environment);
  const refused = !options.commands && isPath(named) ? moduleRefused(named) : undefined;
  if (refused !== undefined) throw new UsageError(refused);
  const { scenario, at } = await locatedFor(named, { environments, given: options.param }, context);
  const params = paramValues(scenario.name, scenario.params, options.param);
  const known = context.remedies.map(({ name }) => name);
  const made = soundProtocol(scenario, params, environment, known);
  if ('problems' in made) throw new UsageError(new NoScenario(linesOn(named, at, made.problems)).message);
  const { protocol } = made;
  checkPace(options.pace, protocol);
  const { remedies, expected } = usage(() =>
    givenRemedies(options.remedy, protocol, context.remedies, { cluster: options.realKubeProxy, squeeze }),
  );
  const brings = broughtBy({ named, at, protocol, environment, remedies, known });
  usage(() => {
    if (!options.commands) refuseBrought(brings);
    checkExpectations(expect, remedies);
  });
  return {
    scenario: scenario.name,
    params,
    protocol: (given) => scenario.protocol(params, { ...environment, ...given }),
    remedies,
    brings,
    remediesNamed: options.remedy !== undefined,
    expect: { ...expected, ...expect },
    squeeze,
    control,
    singlePass,
    seed: options.seed ?? randomInt(SEEDS),
    pace: options.pace ?? 1,
    out,
    argv,
    script: npmScript(context.env),
    keepLab,
    waitMs: options.wait,
  };
}

/** @throws UsageError where the demand keeps its rate, or would outlast a clock that is not stretched with it */
function checkPace(pace: number | undefined, protocol: Protocol): void {
  const most = Math.floor(slowestPace(protocol));
  if (pace === undefined || pace <= most) return;
  throw new OptionError(
    `--pace ${String(pace)}`,
    keepsItsRate(protocol)
      ? `leave it out: a demand of kind ${protocol.demand.kind} has a rate of its own`
      : `use at most ${String(most)}; slower, and entries or DNS answers expire while the demand is offered`,
  );
}

/** @throws Error naming the expectation and the valid names or statuses */
function checkExpectations(expect: Readonly<Record<string, string>>, remedies: readonly Remedy[]): void {
  const names = ['symptom', ...remedies.map(({ name }) => name)];
  for (const [name, status] of Object.entries(expect)) {
    const option = `--expect ${name}=${status}`;
    if (!names.includes(name)) throw new OptionError(option, `${name} is not tried; use ${names.join(', ')}`);
    const statuses: readonly string[] = name === 'symptom' ? SYMPTOM_STATUSES : REMEDY_STATUSES;
    if (!statuses.includes(status))
      throw new OptionError(option, `unknown status; ${suggestion(status, statuses)}`);
  }
}
