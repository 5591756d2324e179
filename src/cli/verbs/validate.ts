import { loadLocated } from '../../scenario/load-scenario.ts';
import { shellWord } from '../../util/shell-word.ts';
import { SQUEEZES } from '../../change/squeezes.ts';
import { problemsOf } from '../../scenario/check.ts';
import { linesOn, NoScenario } from '../../scenario/located.ts';
import { EXIT } from '../exit-codes.ts';
import { environmentOf } from '../environment.ts';
import { print, say, type World } from '../world.ts';

/** `validate FILE`: checks a scenario file with every combination of parameters. @returns 64 where it is wrong */
export async function validateVerb(file: string, world: World): Promise<number> {
  try {
    const environments = SQUEEZES.map((squeeze) => environmentOf(squeeze, world));
    const talk = (line: string): void => {
      say(world, line);
    };
    const located = await loadLocated(file, { environments }, { scenarios: world.scenarios, say: talk });
    const known = world.remedies.map(({ name }) => name);
    const problems = problemsOf(located.scenario, environments, known);
    if (problems.length > 0) throw new NoScenario(linesOn(file, located.at, problems));
    print(
      world,
      `${file}: the scenario ${located.scenario.name} is valid; run it: tablefull run ${shellWord(file)}`,
    );
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof NoScenario)) throw error;
    for (const line of error.lines) say(world, line);
    return EXIT.usage;
  }
}
