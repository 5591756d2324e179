import { SQUEEZES } from '../../scenario/squeeze.ts';
import { problemsOf } from '../../scenario/check.ts';
import { loadScenario } from '../../scenario/loader.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { environmentOf } from '../order.ts';
import { print, say, type World } from '../world.ts';

/** `validate FILE`: a scenario's module, with every combination of its parameters. @returns 64 where it is wrong */
export async function validateVerb(file: string, world: World): Promise<number> {
  const scenario = await loadScenario(file).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const known = world.remedies.map(({ name }) => name);
  const problems = SQUEEZES.flatMap((squeeze) => problemsOf(scenario, environmentOf(squeeze, world), known));
  for (const problem of new Set(problems)) say(world, `${file}: ${problem}`);
  if (problems.length > 0) return EXIT.usage;
  print(world, `${file}: ${scenario.name} is a scenario; run it: tablefull run ${file}`);
  return EXIT.ok;
}
