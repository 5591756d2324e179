import { extname } from 'node:path';
import { loadLocated } from '../../scenario/load-scenario.ts';
import { readText, YAML_ENDINGS } from '../../scenario/loader.ts';
import { shellWord } from '../../util/shell-word.ts';
import { SQUEEZES } from '../../change/squeezes.ts';
import { problemsOf } from '../../scenario/check.ts';
import { linesOn, NoScenario } from '../../scenario/located.ts';
import { isSuite, suiteFromYaml } from '../../suite/suite-file.ts';
import { EXIT } from '../exit-codes.ts';
import { broughtBy, moduleRefused } from '../request/brought-programs.ts';
import { environmentOf } from '../request/environment.ts';
import { planSuite } from '../suite/plan-suite.ts';
import { print, say, toStderr, type VerbContext } from '../verb-context.ts';

/**
 * `validate FILE`: checks a scenario file with every combination of parameters, or a suite file with all its
 * runs.
 *
 * @returns 64 where it is wrong
 */
export async function validateVerb(
  file: string,
  { commands }: { readonly commands: boolean },
  context: VerbContext,
): Promise<number> {
  try {
    const refused = commands ? undefined : moduleRefused(file);
    if (refused !== undefined) throw new NoScenario([refused]);
    const text = await readText(file);
    const isYaml = YAML_ENDINGS.includes(extname(file));
    print(
      context,
      isYaml && isSuite(text)
        ? await suite(text, file, commands, context)
        : await scenario(file, commands, context),
    );
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof NoScenario)) throw error;
    for (const line of error.lines) say(context, `tablefull: ${line}`);
    return EXIT.usage;
  }
}

/** @returns the line that says it is valid @throws NoScenario */
async function scenario(file: string, commands: boolean, context: VerbContext): Promise<string> {
  const environments = SQUEEZES.map((squeeze) => environmentOf(squeeze, context));
  const located = await loadLocated(
    file,
    { environments },
    { scenarios: context.scenarios, say: toStderr(context) },
  );
  const known = context.remedies.map(({ name }) => name);
  const problems = problemsOf(located.scenario, environments, known);
  if (problems.length > 0) throw new NoScenario(linesOn(file, located.at, problems));
  const { scenario: valid, at } = located;
  // A file in YAML has no parameters.
  const brings = (commands ? [] : environments.slice(0, 1)).flatMap((environment) =>
    broughtBy({
      ...{ named: file, at, protocol: valid.protocol({}, environment) },
      ...{ environment, remedies: [], known },
    }),
  );
  if (brings.length > 0) throw new NoScenario(brings.map((line) => `${line}: refused by --no-commands`));
  return `${file}: the scenario ${located.scenario.name} is valid; run it: \`tablefull run ${shellWord(file)}\``;
}

/** @returns the line that says it is valid @throws NoScenario */
async function suite(text: string, file: string, commands: boolean, context: VerbContext): Promise<string> {
  const { runs } = await planSuite(suiteFromYaml(text, file), { seed: 0, commands }, context);
  const many = runs.length === 1 ? '1 run' : `${String(runs.length)} runs`;
  return `${file}: the suite of ${many} is valid; run it: \`tablefull test ${shellWord(file)}\``;
}
