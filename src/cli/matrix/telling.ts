import type { Telling } from '../../report/matrix-markdown.ts';
import { paramValues } from '../../scenario/define.ts';
import { environmentOf } from '../request/environment.ts';
import type { VerbContext } from '../verb-context.ts';

/** The figures that a matrix’ rows show, by today’s scenarios; none of a scenario that is not known. */
export function tellingOf(context: VerbContext): Telling {
  const environment = environmentOf('ballast', context);
  return ({ scenario: name, params }) => {
    const scenario = context.scenarios.find((each) => each.name === name);
    if (scenario === undefined) return [];
    try {
      return scenario.protocol(paramValues(name, scenario.params, params), environment).show;
    } catch {
      // An older version had other parameters.
      return [];
    }
  };
}
