import { soundProtocol } from '../../scenario/check.ts';
import { paramValues, type Scenario } from '../../scenario/define.ts';
import { isPath } from '../../scenario/loader.ts';
import { linesOn, NoScenario, type Located } from '../../scenario/located.ts';
import type { LabEntry } from '../../lab/entry.ts';
import type { RunRequest } from '../../run/execute.ts';
import type { Protocol } from '../../schema/protocol.ts';
import type { SuiteRun } from '../../schema/suite-file.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { LocatedSuite } from '../../suite/suite-file.ts';
import { needsMachine, type PlannedRun, type SuitePlan } from '../../suite/plan.ts';
import {
  broughtByRemedies,
  broughtByScenario,
  moduleRefused,
  type Given,
} from '../request/brought-programs.ts';
import { bothPrivileges, environmentOf } from '../request/environment.ts';
import { givenRemedies } from '../request/given-remedies.ts';
import type { LabOfManifest } from '../../manifest/effect.ts';
import { npmScript } from '../npm/npm-script.ts';
import { isFile } from '../request/remedy-files.ts';
import { labFor, locatedFor } from '../request/request.ts';
import { Problems, Stopped } from './problems.ts';
import { expectedOf, placeOf } from './results.ts';
import { RunInFile } from './run-in-file.ts';
import { checkThresholds, withThresholds, type Tried } from './thresholds.ts';
import type { VerbContext } from '../verb-context.ts';

/** What `tablefull test` adds to each run of a suite. */
interface SuiteOptions {
  /** The lab of runs that name none. */
  readonly lab?: string;
  readonly seed: number;
  /** False: files that bring programs are refused. */
  readonly commands: boolean;
}

/**
 * Checks each run of a suite.
 *
 * @throws NoScenario: one line per problem, with file, place and fix; OptionError where the lab of the command is none
 */
export async function planSuite(
  located: LocatedSuite,
  options: SuiteOptions,
  context: VerbContext,
): Promise<SuitePlan> {
  const { file, suite, at } = located;
  const lines: string[] = [];
  const runs: PlannedRun[] = [];
  for (const [i, run] of suite.runs.entries()) {
    const problems = new Problems(`runs.${String(i)}`);
    try {
      const planned = await new Planning(located, run, problems, options, context).planned();
      if (runs.some(({ name }) => name === planned.name))
        problems.add('', `a run before it is named ${planned.name} too; give one of them another \`name\``);
      runs.push(planned);
    } catch (error) {
      if (error instanceof NoScenario) lines.push(...error.lines);
      else if (!(error instanceof Stopped)) throw error;
    }
    lines.push(...linesOn(file, at, problems.all));
  }
  if (lines.length > 0) throw new NoScenario(lines);
  return { file, runs };
}

/** Plans one run. */
class Planning {
  readonly #located: LocatedSuite;
  readonly #run: SuiteRun;
  readonly #inFile: RunInFile;
  readonly #problems: Problems;
  readonly #options: SuiteOptions;
  readonly #context: VerbContext;

  constructor(
    located: LocatedSuite,
    run: SuiteRun,
    problems: Problems,
    options: SuiteOptions,
    context: VerbContext,
  ) {
    this.#located = located;
    this.#run = run;
    this.#inFile = new RunInFile(located, run);
    this.#problems = problems;
    this.#options = options;
    this.#context = context;
  }

  /** @throws Stopped where there are problems; NoScenario where a scenario's file has some */
  async planned(): Promise<PlannedRun> {
    const { lineOf } = this.#located;
    const run = this.#run;
    const problems = this.#problems;
    const { lab, reuse } = await this.#lab();
    const squeeze = this.#inFile.squeeze ?? lab.squeeze;
    const environment = environmentOf(squeeze, this.#context, lab.realKubeProxy);
    const located = await this.#scenario(environment);
    const { scenario } = located;
    const params = await this.#params(scenario);
    const protocol = await this.#sound(scenario, params, environment);
    const tried = run.control ? [] : await this.#tried(protocol, { cluster: lab.realKubeProxy, squeeze });
    const extended = withThresholds(scenario, run, tried);
    const known = this.#known;
    const brings = this.#programs({ ...located, protocol, environment }, tried);
    checkThresholds({ scenario: extended, run, tried, params, environment, known, problems });
    problems.stop();
    const request: RunRequest = {
      ...this.#common,
      scenario: scenario.name,
      params,
      protocol: (given) => extended.protocol(params, { ...environment, ...given }),
      remedies: tried.map(({ remedy }) => remedy),
      brings,
      expect: expectedOf(run, tried),
      squeeze,
    };
    const written = new Map(tried.map(({ remedy, written: as }) => [remedy.name, as]));
    return {
      name: this.#inFile.name,
      place: { lab: lab.name, reuse, squeeze },
      request,
      alone: needsMachine(request, environment),
      loss: protocol.symptom.loss,
      line: lineOf(problems.place),
      lineOf: (...result) => lineOf(problems.at(placeOf(result, run, written))),
    };
  }

  get #common() {
    const { file, suite } = this.#located;
    const { control, singlePass, remedies } = this.#run;
    const { seed } = this.#options;
    return {
      remediesNamed: remedies !== undefined,
      control,
      singlePass: singlePass ?? suite.singlePass ?? true,
      seed,
      pace: 1,
      out: undefined,
      argv: ['test', file, '--only', this.#inFile.name, '--seed', String(seed)],
      script: npmScript(this.#context.env),
      keepLab: false,
    };
  }

  get #known(): readonly string[] {
    return this.#context.remedies.map(({ name }) => name);
  }

  async #lab(): Promise<{ readonly lab: LabEntry; readonly reuse: string | undefined }> {
    const { lab: written, reuse } = this.#inFile;
    const find = (): LabEntry => labFor(written ?? this.#options.lab, this.#context, reuse);
    // Where the file names no lab, an error is of the command's.
    const lab = written === undefined && reuse === undefined ? find() : await this.#problems.in('lab', find);
    return { lab, reuse };
  }

  async #scenario(environment: Environment): Promise<Located> {
    const refused =
      !this.#options.commands && isPath(this.#inFile.named) ? moduleRefused(this.#inFile.named) : undefined;
    if (refused !== undefined) {
      this.#problems.add('scenario', refused);
      this.#problems.stop();
    }
    const { params } = this.#run;
    const environments = bothPrivileges(environment);
    const ask = { environments, given: params };
    return this.#problems.in('scenario', () => locatedFor(this.#inFile.named, ask, this.#context));
  }

  async #params({ name, params }: Scenario): Promise<Readonly<Record<string, string>>> {
    for (const [key, value] of Object.entries(this.#run.params))
      await this.#problems.in(`params.${key}`, () => paramValues(name, params, { [key]: value }));
    return paramValues(name, params, this.#run.params);
  }

  async #sound(
    scenario: Scenario,
    params: Readonly<Record<string, string>>,
    environment: Environment,
  ): Promise<Protocol> {
    return this.#problems.in('scenario', () => {
      const made = soundProtocol(scenario, params, environment, this.#known);
      if ('protocol' in made) return made.protocol;
      throw new NoScenario(linesOn(this.#inFile.named, () => '', made.problems));
    });
  }

  /** The remedies of the run. Each is looked up on its own, so that an error names its place. */
  async #tried(protocol: Protocol, lab: LabOfManifest): Promise<readonly Tried[]> {
    const { remedies } = this.#run;
    const known = this.#context.remedies;
    if (remedies === undefined) {
      const standard = givenRemedies(undefined, protocol, known, lab).remedies;
      return standard.map((remedy) => ({ written: remedy.name, remedy, expected: undefined }));
    }
    const tried: Tried[] = [];
    for (const [written, expected] of Object.entries(remedies)) {
      const place = `remedies.${written}`;
      const { remedies: found } = await this.#problems.in(place, () =>
        givenRemedies([isFile(written) ? this.#inFile.beside(written) : written], protocol, known, lab),
      );
      const [remedy] = found;
      if (remedy === undefined)
        this.#problems.add(place, 'names nothing; for no remedy, write `remedies: {}`');
      else if (tried.some((each) => each.remedy.name === remedy.name))
        this.#problems.add(place, `a remedy before it is named ${remedy.name} too; leave out one`);
      else tried.push({ written, remedy, expected });
    }
    return tried;
  }

  /** The programs that the run's files bring, a line each; refused at their place with `--no-commands`. */
  #programs(
    { at, protocol, environment }: Pick<Given, 'at' | 'protocol' | 'environment'>,
    tried: readonly Tried[],
  ): readonly string[] {
    const known = this.#known;
    const { named } = this.#inFile;
    const all = [
      { place: 'scenario', lines: broughtByScenario({ named, at, protocol, environment }) },
      ...tried.map(({ written, remedy }) => ({
        place: `remedies.${written}`,
        lines: broughtByRemedies({ protocol, remedies: [remedy], known }),
      })),
    ];
    for (const { place, lines } of this.#options.commands ? [] : all)
      for (const line of lines) this.#problems.add(place, `${line}: refused by --no-commands`);
    return all.flatMap(({ lines }) => lines);
  }
}
