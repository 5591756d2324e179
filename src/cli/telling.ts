import type { Telling } from '../report/matrix-markdown.ts';
import { paramValues } from '../scenario/define.ts';
import { environmentOf } from './environment.ts';
import type { World } from './world.ts';

/** The figures that a matrix’ rows show, by today’s scenarios; none of a scenario that is not known. */
export function tellingOf(world: World): Telling {
  const environment = environmentOf('ballast', world);
  return ({ scenario: name, params }) => {
    const scenario = world.scenarios.find((each) => each.name === name);
    if (scenario === undefined) return [];
    try {
      return scenario.protocol(paramValues(name, scenario.params, params), environment).show;
    } catch {
      // An older version had other parameters.
      return [];
    }
  };
}
